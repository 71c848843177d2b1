import { expect, test } from '../platform';
import { checksOut, isAtThePaymentPage, paysThere, seesItPaid, seesStatus, sets, visits } from '../customer';
import { orders, pays } from '../program';

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
  await sets(page, 'Market', 'PH');
  await expect(page.getByRole('main')).toContainText('₱780.00');
  await sets(page, 'Language', 'ko');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await page.goto('/products/hanji-notebook');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(page.getByRole('main')).toContainText('₱890.00');
});

test('without scripts the page I wait on looks again by itself', async ({ page, request, stand, platform }) => {
  await platform.misbehaves({ drop: 1 });
  const payment = await orders(request);
  await pays(request, stand, payment);
  await page.goto(payment.order);
  await seesStatus(page, 'none');
  await platform.sendsCallbacksAgain(payment.id);
  await seesItPaid(page);
});

test('my order opens in a browser that has no cookies of mine, and can be paid there', async ({ page, request }) => {
  const payment = await orders(request, { payment_method: 'payco-wallet' });
  await page.goto(payment.order);
  await seesStatus(page, 'none');
  await page.getByRole('button', { name: 'Continue this payment' }).click();
  expect((await isAtThePaymentPage(page)).get('payment_id')).toBe(payment.id);
  await paysThere(page, 'Cancel');
  await seesStatus(page, 'decline');
  await page.getByRole('button', { name: 'Pay with Payco' }).click();
  await isAtThePaymentPage(page);
  await paysThere(page);
  await seesItPaid(page);
});
