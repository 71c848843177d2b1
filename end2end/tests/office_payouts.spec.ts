/** Paying out from a customer's page. */
import { type Page } from '@playwright/test';
import { expect, expectAccessible, test } from '../fixtures';
import { paysThere } from '../customer';
import { operatorOf, sideways, signsIn } from '../office';
import { orders, pays } from '../program';

const PAYMAYA = { payment_method: 'paymaya-wallet', email: 'maria@example.com' };

async function paysOut(page: Page, password: string, amount = '150.50') {
  await page.getByLabel('PayMaya account').fill('09123456789');
  await page.getByLabel("Account owner's full name").fill('Maria Santos');
  await page.getByLabel('Amount in PHP').fill(amount);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Pay out' }).click();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('a customer who paid by PayMaya is paid out', async ({ page, request, stand }, testInfo) => {
      const payment = await orders(request, PAYMAYA, 'PH');
      // The wallet asks on the Payment Page for what is in its form.
      await page.goto(payment.address);
      await paysThere(page);
      const account = operatorOf(stand, 'finance');
      await signsIn(page, account);
      await page.goto(`/admin/customers/${payment.parameters.customer_id}`);
      if (javaScriptEnabled) await expectAccessible(page);
      await paysOut(page, account.password, '0.50');
      await expect(page.getByText('A payout is of')).toBeVisible();
      await expect(page.getByLabel('PayMaya account')).toHaveValue('09123456789');
      if (javaScriptEnabled) await expectAccessible(page);
      await paysOut(page, account.password);
      await expect(page.getByRole('status')).toContainText('The payout is written down');
      const row = page.locator('tr[data-payout]');
      await expect(row).toHaveCount(1);
      if (javaScriptEnabled) await expect(row).toHaveAttribute('data-progress', 'done');
      const id = (await row.getAttribute('data-payout'))!;
      await page.goto('/admin/payouts');
      await page.getByLabel('Payment id, customer id or account').fill(id);
      await page.getByRole('button', { name: 'Show' }).click();
      await expect(page).toHaveURL(/q=payout-/);
      await expect(page.locator('tr[data-payout]')).toHaveCount(1);
      await expect(page.getByRole('row').filter({ hasText: 'PHP' })).toContainText('₱150.50');
      if (javaScriptEnabled) await expectAccessible(page);
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await sideways(page), `at ${width} px`).toEqual([]);
        await page.screenshot({ path: testInfo.outputPath(`payouts-${width}.png`), fullPage: true });
      }
    });
  });
}

test('a customer who paid otherwise is told why nothing is paid out', async ({ page, request, stand }) => {
  const payment = await orders(request);
  await pays(request, stand, payment);
  await signsIn(page, operatorOf(stand, 'finance'));
  await page.goto(`/admin/customers/${payment.parameters.customer_id}`);
  await expect(page.getByText('has paid nothing by PayMaya')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pay out' })).toHaveCount(0);
  await expectAccessible(page);
});
