import { type Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { checksOut, fillsIn, goesToCheckout, isAtThePaymentPage, paysThere, pressesPay, seesItPaid } from '../customer';

/** The ids of all payments whose Payment Page was opened in this window. */
function openedPayments(page: Page): Set<string> {
  const opened = new Set<string>();
  page.context().on('request', (request) => {
    const id = new URL(request.url()).searchParams.get('payment_id');
    if (request.isNavigationRequest() && id) opened.add(id);
  });
  return opened;
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'With scripts' : 'Without scripts', () => {
    test.use({ javaScriptEnabled });

    test('pressing Pay twice makes one payment', async ({ page }) => {
      const opened = openedPayments(page);
      await goesToCheckout(page, 'BE', 'jeju-green-tea');
      await fillsIn(page, { method: 'Bancontact', lastName: 'Peeters' });
      await page.getByRole('button', { name: /^Pay/ }).dblclick();
      await isAtThePaymentPage(page);
      await paysThere(page);
      await seesItPaid(page);
      expect(opened.size).toBe(1);
    });
  });
}

test('reloading, or going back and pressing Pay again, makes one payment', async ({ page }) => {
  const opened = openedPayments(page);
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const first = await checksOut(page, { method: 'Payco' });
  await page.reload();
  await page.goBack();
  await expect(page).toHaveURL('/checkout');
  await page.reload();
  const second = await checksOut(page, { method: 'Payco' });
  expect(second.get('payment_id')).toBe(first.get('payment_id'));
  expect([...opened]).toEqual([first.get('payment_id')]);
});

test('two tabs of one cart make one payment, and the late tab leads to the paid order', async ({ page, context }) => {
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const late = await context.newPage();
  const later = await context.newPage();
  for (const tab of [late, later]) await tab.goto('/checkout');
  const first = await checksOut(page, { method: 'Payco' });
  const second = await checksOut(late, { method: 'Payco' });
  expect(second.get('payment_id')).toBe(first.get('payment_id'));
  await paysThere(page);
  await seesItPaid(page);
  await pressesPay(later);
  await expect(later).toHaveURL(page.url());
  await seesItPaid(later);
});

test('changing my mind about the method makes another payment of the same order', async ({ page }) => {
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const first = await checksOut(page, { method: 'Payco' });
  await page.goBack();
  const second = await checksOut(page, { method: 'Choose on the payment page' });
  expect(second.get('payment_id')).not.toBe(first.get('payment_id'));
  expect(second.get('merchant_return_url')).toBe(first.get('merchant_return_url'));
});

test('what I buy next is another order', async ({ page }) => {
  const ids = new Set<string | null>();
  for (const slug of ['jeju-green-tea', 'flax-twine']) {
    await goesToCheckout(page, 'KR', slug);
    ids.add((await checksOut(page, { method: 'Payco' })).get('merchant_return_url'));
    await paysThere(page);
    await seesItPaid(page);
  }
  expect(ids.size).toBe(2);
});
