/** A shop on another site than the Payment Page, as all real shops are. */
import { checksOut, goesToCheckout } from '../customer';
import { called, expect, inside, opensPayment, test } from './embedding_script_shop';

for (const method of ['get', 'POST']) {
  test(`a shop on another site opens the Payment Page by ${method}`, async ({ page, site }) => {
    const { frame } = await opensPayment(page, site.shop, method);
    await frame.getByRole('textbox', { name: 'Last name' }).fill('Peeters');
    await frame.getByRole('button', { name: /^Pay/ }).click();
    await frame.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => called(page)).toBe('onPaymentSent,onPaymentSuccess');
  });
}

test('the automatic way back leads the shop’s page, not the frame', async ({ page, site }) => {
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const config = Object.fromEntries(await checksOut(page, { method: 'Payco' }));
  await page.goto(site.shop);
  await page.evaluate((config) => window.run('get', config), config);
  await expect(page.getByRole('dialog', { name: 'Payment' })).toBeVisible();
  const frame = await inside(page);
  await frame.getByRole('button', { name: /^Pay/ }).click();
  await frame.getByRole('button', { name: 'Approve' }).click();
  await expect(page).toHaveURL(/\/orders\//);
});
