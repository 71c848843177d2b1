/** What the Payment Page makes of a payment's time, its items and a failed try, as a customer sees it. */
import { type Page } from '@playwright/test';
import { signer } from 'ecommpay';
import { answers, checksOut, confirms, goesToCheckout, isAtThePaymentPage, pressesPay, returnsToShop, seesItPaid, seesStatus } from '../customer';
import { expectAccessible, type Stand } from '../fixtures';
import { PROJECT_SECRET, expect, test } from '../platform';

test.beforeEach(async ({ page }) => goesToCheckout(page, 'KR', 'jeju-green-tea'));

test('the Payment Page shows what I pay for and how long I have @phone', async ({ page }) => {
  await checksOut(page, { method: 'Payco' });
  await expect(page.getByRole('list', { name: 'What is paid for' })).toContainText('1 × Jeju green tea');
  await expect(page.locator('.countdown')).toHaveText(/^Time left to pay: 00:(29:\d\d|30:00)$/);
  await expectAccessible(page);
});

test.describe('When declined payments may be tried again', () => {
  test.beforeEach(async ({ platform }) => platform.misbehaves({ try_again: true }));

  test('I try again on the Payment Page, and the one payment is paid', async ({ page, platform }) => {
    const payment = await checksOut(page, { method: 'Payco' });
    await confirms(page);
    await answers(page, 'Decline');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment declined');
    await expect(page.getByText('Within 10 minutes you can try again.')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await answers(page, 'Approve');
    await seesItPaid(page);
    const { operations } = await platform.payment(payment.get('payment_id')!);
    expect(operations.map(({ status }) => status)).toEqual(['decline', 'success']);
  });

  test('I come back to the shop, try again from there, and the one payment is paid', async ({ page }) => {
    const payment = await checksOut(page, { method: 'Payco' });
    await confirms(page);
    await answers(page, 'Decline');
    await returnsToShop(page);
    await seesStatus(page, 'awaiting customer');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment declined');
    await page.getByRole('button', { name: 'Try again' }).click();
    await answers(page, 'Approve');
    await seesItPaid(page);
    await expect(page.locator('[data-payment-id]')).toHaveAttribute('data-payment-id', payment.get('payment_id')!);
  });

  test('the fifth decline is the last', async ({ page, platform }) => {
    const payment = await checksOut(page, { method: 'Payco' });
    await confirms(page);
    for (const _try of [1, 2, 3, 4]) {
      await answers(page, 'Decline');
      await page.getByRole('button', { name: 'Try again' }).click();
    }
    await answers(page, 'Decline');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment declined');
    await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
    await returnsToShop(page);
    await seesStatus(page, 'decline');
    expect((await platform.payment(payment.get('payment_id')!)).operations).toHaveLength(5);
  });

  test('ten minutes later it is declined for good, and another payment begins', async ({ page, platform }) => {
    const declined = await checksOut(page, { method: 'Payco' });
    await confirms(page);
    await answers(page, 'Decline');
    await returnsToShop(page);
    await seesStatus(page, 'awaiting customer');
    await platform.waits(601);
    await seesStatus(page, 'decline'); // told to the open page
    await page.getByRole('button', { name: 'Pay with Payco' }).click();
    const another = await isAtThePaymentPage(page);
    expect(another.get('payment_id')).not.toBe(declined.get('payment_id'));
    expect(another.get('merchant_return_url')).toBe(declined.get('merchant_return_url'));
  });
});

test.describe('With the shop’s parameters changed', () => {
  /** As the shop would have signed them. */
  async function opensWith(page: Page, stand: Stand, changed: () => Record<string, string>) {
    const { signature: _, ...parameters } = Object.fromEntries(await checksOut(page, { method: 'Payco' }));
    const asked = { ...parameters, ...changed() };
    const query = new URLSearchParams({ ...asked, signature: signer(asked, PROJECT_SECRET) });
    await page.goto(`${stand.sandbox}/payment?${query}`);
  }

  const receipt = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('base64');

  test('who comes too late is told so, and led back', async ({ page, stand }) => {
    await opensWith(page, stand, () => ({ best_before: '2020-01-01T00:00:00+00:00' }));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('The time to pay is over');
    await expectAccessible(page);
    await returnsToShop(page);
    await seesStatus(page, 'none');
  });

  test('who hesitated too long cannot confirm any more', async ({ page, stand }) => {
    const soon = () => new Date(Date.now() + 6_000).toISOString().replace(/\.\d+Z/, '+00:00');
    await opensWith(page, stand, () => ({ best_before: soon() }));
    await expect(page.locator('.countdown')).toHaveText('Time left to pay: 00:00:00');
    await pressesPay(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('The time to pay is over');
  });

  test('a receipt that is none is refused by name', async ({ page, stand }) => {
    for (const nonsense of ['?', receipt({}), receipt({ positions: [{ quantity: 1, amount: '5' }] })]) {
      await opensWith(page, stand, () => ({ receipt_data: nonsense }));
      await expect(page.getByRole('heading', { level: 2, name: 'receipt_data' })).toBeVisible();
      await page.goto('/checkout');
    }
  });

  test('a receipt over another amount is remarked', async ({ page, stand }) => {
    await opensWith(page, stand, () => ({ receipt_data: receipt({ positions: [{ quantity: 1, amount: 1 }] }) }));
    await expect(page.getByRole('complementary')).toContainText('do not add up');
  });
});
