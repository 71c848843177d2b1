/** The register beside the shop's books: compared, shown, healed by a click, with and without scripts. */
import { expectAccessible } from '../fixtures';
import { checksOut, confirms, answers, goesToCheckout, type Answer } from '../customer';
import { operatorOf, signsIn } from '../office';
import { test, expect } from '../platform';
import type { Page } from '@playwright/test';

/** Everything from the day before to the day after, so that midnight does not matter. */
async function compares(page: Page) {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  await page.goto('/admin/reconciliation');
  await page.getByLabel('First day').fill(day(-1));
  await page.getByLabel('Last day').fill(day(1));
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  // Without any reload of ours: the page follows the comparison by itself.
  await expect(page.getByText('Ended')).toBeVisible({ timeout: 20_000 });
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'With scripts' : 'Without scripts', () => {
    test.use({ javaScriptEnabled });

    test('a payment nobody told of is found, healed by asking, and gone', async ({ page, stand, platform, browser }) => {
      await platform.misbehaves({ drop: 1 });
      const customer = await (await browser.newContext({ baseURL: stand.shop })).newPage();
      await goesToCheckout(customer, 'KR', 'jeju-green-tea');
      const paymentId = (await checksOut(customer, { method: 'Payco' })).get('payment_id')!;
      await confirms(customer);
      await answers(customer, 'Approve' satisfies Answer);
      await expect.poll(async () => (await platform.payment(paymentId)).status).toBe('success');
      await customer.context().close();

      await signsIn(page, operatorOf(stand, 'finance', `finance-${javaScriptEnabled}`));
      await page.goto('/admin/reconciliation');
      await expectIsAccessible(page);
      await compares(page);
      const difference = page.getByRole('listitem').filter({ hasText: paymentId });
      await expect(difference.getByRole('heading')).toContainText('Another status, sale');
      await expect(difference).toContainText('₩18,000, under way');
      await expect(difference).toContainText('₩18,000, success');
      await expect(difference).toContainText('To do: ');
      await expectIsAccessible(page);

      await difference.getByRole('button', { name: `Ask the platform now about ${paymentId}` }).click();
      await expect(page.getByRole('status')).toContainText('Healed');
      await expect(difference).toContainText('Healed: ');
      await expect(difference.getByRole('button')).toHaveCount(0);
      await expectIsAccessible(page);

      await compares(page);
      await expect(page.getByRole('listitem').filter({ hasText: paymentId })).toHaveCount(0);
    });

    const expectIsAccessible = async (page: Page) => {
      if (javaScriptEnabled) await expectAccessible(page);
    };
  });
}

test('on a phone a viewer reads what differs and presses nothing', async ({ page, stand, request }) => {
  const wrong = [{ change: 'extra' }];
  expect((await request.put(`${stand.sandbox}/control/register`, { data: wrong })).status()).toBe(200);
  await signsIn(page, operatorOf(stand, 'finance'));
  await compares(page);
  await page.getByRole('button', { name: 'Sign out' }).click();

  await page.setViewportSize({ width: 390, height: 844 });
  await signsIn(page, operatorOf(stand, 'viewer'));
  await page.goto('/admin/reconciliation');
  const difference = page.getByRole('listitem').filter({ hasText: 'unknown-9000000001' });
  await expect(difference.getByRole('heading')).toContainText('Extra sale');
  await expect(difference).toContainText('nothing');
  await expect(page.getByRole('button', { name: /Ask|Compare/ })).toHaveCount(0);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, 'nothing is wider than the screen').toBeLessThanOrEqual(390);
  await expectAccessible(page);
  expect((await request.delete(`${stand.sandbox}/control/register`)).status()).toBe(200);
});
