import { expect, test } from '../platform';
import {
  checksOut,
  confirms,
  goesToCheckout,
  isAtThePaymentPage,
  orderAddress,
  paysThere,
  returnsToShop,
  answers,
  seesItPaid,
  seesStatus,
  visits,
} from '../customer';

test.use({ javaScriptEnabled: false });

test('without scripts I buy, am declined, and pay with the next try', async ({ page }) => {
  await visits(page, 'BE');
  await page.getByRole('link', { name: 'Linen tea towel' }).click();
  await page.getByRole('combobox', { name: 'Quantity' }).selectOption('2');
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('combobox', { name: /Quantity/ }).selectOption('3');
  await page.getByRole('button', { name: /^Update/ }).click();
  await expect(page.getByRole('main')).toContainText('€40.50');
  await page.getByRole('link', { name: 'Checkout' }).click();
  const sent = await checksOut(page, { method: 'Bancontact', lastName: 'Peeters' });
  expect(sent.get('payment_amount')).toBe('4050');
  await paysThere(page, 'Decline');
  await seesStatus(page, 'decline');
  await page.getByRole('button', { name: 'Pay with Bancontact' }).click();
  await isAtThePaymentPage(page);
  await paysThere(page);
  await seesItPaid(page);
});

test('without scripts I change market and language with their buttons, and they stay', async ({ page }) => {
  await page.goto('/products/jeju-green-tea');
  await page.getByRole('combobox', { name: 'Market' }).selectOption('PH');
  await page.getByRole('button', { name: 'Set market' }).click();
  await expect(page.getByRole('main')).toContainText('₱780.00');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('ko');
  await page.getByRole('button', { name: 'Set language' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await page.goto('/products/hanji-notebook');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(page.getByRole('main')).toContainText('₱890.00');
});

test('without scripts the page I wait on looks again by itself', async ({ page, platform }) => {
  await platform.misbehaves({ drop: 1 });
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const sent = await checksOut(page, { method: 'Payco' });
  await paysThere(page);
  await seesStatus(page, 'none');
  await platform.sendsCallbacksAgain(sent.get('payment_id')!);
  await seesItPaid(page);
});

test('my order opens in another browser, which has no cookies of mine', async ({ page, browser, stand }) => {
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const order = orderAddress(await checksOut(page, { method: 'Payco' }));
  const elsewhere = await browser.newContext({ javaScriptEnabled: false });
  const there = await elsewhere.newPage();
  await there.goto(order);
  await seesStatus(there, 'none');
  await confirms(page);
  await answers(page, 'Cancel');
  await returnsToShop(page);
  await seesStatus(page, 'decline');
  await there.reload();
  await seesStatus(there, 'decline');
  expect((await elsewhere.cookies(stand.shop)).filter(({ name }) => name === 'cart')).toEqual([]);
  await elsewhere.close();
});
