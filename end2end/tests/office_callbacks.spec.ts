/** What the platform told, who knocked in vain, and what waits for a person. */
import { expect, expectAccessible } from '../fixtures';
import { test } from '../platform';
import { operatorOf, signsIn } from '../office';
import { paysThere } from '../customer';
import { orders, pays, sentToPay } from '../program';

test('a wrong amount waits; I ignore one with a reason and accept another', async ({ page, request, stand, platform }, testInfo) => {
  await platform.misbehaves({ amount: 1 });
  const [ignored, accepted] = [await orders(request), await orders(request)];
  for (const payment of [ignored, accepted]) await pays(request, stand, payment);
  const account = operatorOf(stand, 'finance');
  await signsIn(page, account);
  await page.goto('/admin/callbacks');
  // Each word of the platform about the payment is a case.
  const caseOf = (id: string) => page.locator('article[data-case]').filter({ hasText: id }).first();
  const formOf = (id: string, act: string) => caseOf(id).locator(`form[action$="/${act}"]`);
  await expect(caseOf(ignored.id)).toContainText('payment processing, 1 KRW');
  await expectAccessible(page);
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: testInfo.outputPath(`callbacks-${width}.png`), fullPage: true });
  }

  await caseOf(ignored.id).getByText('Ignore it').click();
  await formOf(ignored.id, 'dismissal').getByLabel('Reason').fill('a test of ours');
  await formOf(ignored.id, 'dismissal').getByLabel('Password').fill(account.password);
  await expectAccessible(page);
  await caseOf(ignored.id).getByRole('button', { name: 'Ignore' }).click();
  await expect(page.getByRole('status')).toContainText('ignored');
  await caseOf(accepted.id).getByText('Accept it').click();
  await formOf(accepted.id, 'acceptance').getByLabel('Password').fill(account.password);
  await expectAccessible(page);
  await formOf(accepted.id, 'acceptance').getByRole('button', { name: /^Accept/ }).click();
  await expect(page.getByRole('status')).toContainText('accepted');
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('I find a callback, read its body, and apply it again; a forged one is only counted', async ({ page, request, stand }) => {
    const payment = await orders(request);
    await pays(request, stand, payment);
    await signsIn(page, operatorOf(stand, 'support'));
    await page.goto('/admin/callbacks');
    await page.getByLabel('Payment id, or how it begins').fill(payment.id);
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page).toHaveURL(/q=/);
    await page.locator('.timeline summary').first().click();
    await expect(page.locator('.raw-body').first()).toContainText('"signature"');
    await page.getByRole('button', { name: 'Apply this callback again' }).first().click();
    await expect(page.getByRole('status')).toContainText('It changed nothing');
    // Of many at once some are not counted, and the newest are shown: it is sent until it is seen.
    await expect(async () => {
      expect((await request.post('/callbacks', { data: { forged: true } })).status()).toBe(400);
      await page.reload();
      await expect(page.locator('tr[data-refused="signature_missing"]').first()).toBeVisible({ timeout: 500 });
    }).toPass();
  });
});

test('money that was taken twice is given back from its case', async ({ page, request, stand, platform }) => {
  const first = await orders(request);
  const again = await request.post(`${first.order}/pay`, { form: { payment_method: '' }, maxRedirects: 0 });
  const second = sentToPay(again);
  await pays(request, stand, first);
  await page.goto(second.address); // the method is chosen there
  await paysThere(page);
  const account = operatorOf(stand, 'finance');
  await signsIn(page, account);
  await page.goto('/admin/callbacks');
  const found = page.locator('article[data-kind="second payment"]').filter({ hasText: second.id });
  await found.getByText('Refund it').click();
  const form = found.locator('form[action$="/refund"]');
  await form.getByLabel('Reason').fill('paid twice');
  await form.getByLabel('Password').fill(account.password);
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Refund', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('the refund is on its way');
  await expect(async () => {
    expect((await platform.payment(second.id)).operations.map(({ type }) => type)).toContain('refund');
  }).toPass();
});
