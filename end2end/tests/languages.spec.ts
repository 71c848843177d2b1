import { expect, test } from '../fixtures';
import { goesToCheckout, isAtThePaymentPage, sets } from '../customer';

const PRICES = { KR: '₩18,000', PH: '₱780.00', BE: '€12.50' };

test.describe('When my browser speaks Korean', () => {
  test.use({ locale: 'ko-KR' });

  test('the shop speaks Korean and sells in won, and so does the payment page', async ({ page }) => {
    await page.goto('/');
    await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
    await expect(page.getByRole('combobox').first()).toHaveValue('KR');
    await page.getByRole('link', { name: '제주 녹차' }).click();
    await expect(page.getByRole('main')).toContainText(PRICES.KR);
    await page.locator('form[action="/cart"] button').click();
    await page.locator('a[href="/checkout"]').click();
    await page.locator('form#checkout button').click();
    const sent = await isAtThePaymentPage(page);
    expect(sent.get('language_code')).toBe('ko');
    expect(sent.get('payment_currency')).toBe('KRW');
    await page.goto(sent.get('merchant_return_url')!);
    await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  });
});

test.describe('When my browser speaks Dutch', () => {
  test.use({ locale: 'nl-BE' });

  test('the shop sells in euro, in English for want of Dutch', async ({ page }) => {
    await page.goto('/products/jeju-green-tea');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.getByRole('main')).toContainText(PRICES.BE);
  });
});

test('the language I chose stays, also where the address does not name it', async ({ page }) => {
  await page.goto('/?lang=ko');
  await page.goto('/terms');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await page.goto('/?lang=en');
  await page.goto('/no-such-page');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test('the market I chose stays, and its prices are written as people there write them', async ({ page }) => {
  for (const [market, price] of Object.entries(PRICES)) {
    await page.goto(`/?market=${market}`);
    await expect(page.getByRole('link', { name: 'Jeju green tea' })).toContainText(price);
    await page.goto('/products/jeju-green-tea');
    await expect(page.getByRole('main')).toContainText(price);
    await expect(page.getByRole('combobox', { name: 'Market' })).toHaveValue(market);
  }
});

test('a cart filled in one market is charged at the prices of the one I pay in', async ({ page }) => {
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  await expect(page.getByRole('button', { name: /^Pay/ })).toHaveText(/₩18,000/);
  await sets(page, 'Market', 'PH');
  await expect(page.getByRole('button', { name: /^Pay/ })).toHaveText(/₱780\.00/);
  await expect(page.getByRole('radio', { name: 'Payco' })).toHaveCount(0);
});

test('an unknown market or language is no mistake of mine', async ({ page }) => {
  await page.goto('/?market=XX&lang=tlh');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('link', { name: 'Jeju green tea' })).toContainText(PRICES.BE);
});
