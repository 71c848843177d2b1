import { expect, test } from '../fixtures';
import {
  WAYS,
  checksOut,
  isAtThePaymentPage,
  paysThere,
  seesItNotPaid,
  seesItPaid,
  seesStatus,
  visits,
} from '../customer';

const PRODUCT = 'Jeju green tea';

for (const { market, method, ...details } of WAYS) {
  test.describe(`With ${method}`, () => {
    test.beforeEach(async ({ page }) => {
      await visits(page, market);
      await page.getByRole('link', { name: PRODUCT }).click();
      await page.getByRole('button', { name: 'Add to cart' }).click();
      await page.getByRole('link', { name: 'Checkout' }).click();
    });

    test('I buy from catalogue to thank-you page, and my cart is empty afterwards', async ({ page }) => {
      await checksOut(page, { method, ...details });
      await paysThere(page, 'Approve');
      await seesItPaid(page);
      await page.getByRole('link', { name: 'Cart', exact: true }).click();
      await expect(page.getByText('Your cart is empty')).toBeVisible();
    });

    for (const [answer, words] of [['Decline', 'Your wallet or bank said no'], ['Cancel', 'You cancelled it']] as const) {
      test(`after "${answer}" I read what happened, still have my cart, and pay with one click`, async ({ page }) => {
        const first = await checksOut(page, { method, ...details });
        await paysThere(page, answer);
        await seesStatus(page, 'decline');
        await seesItNotPaid(page);
        await expect(page.getByRole('heading', { level: 1 })).toContainText('declined');
        await expect(page.getByText(words)).toBeVisible();
        const order = page.url();

        await page.getByRole('link', { name: 'Cart', exact: true }).click();
        await expect(page.getByRole('main').getByRole('link', { name: PRODUCT })).toBeVisible();

        await page.goto(order);
        await page.getByRole('button', { name: `Pay with ${method}` }).click();
        const second = await isAtThePaymentPage(page);
        expect(second.get('payment_id')).not.toBe(first.get('payment_id'));
        expect(second.get('payment_amount')).toBe(first.get('payment_amount'));
        await paysThere(page, 'Approve');
        await seesItPaid(page);
        expect(page.url()).toBe(order);
      });
    }
  });
}
