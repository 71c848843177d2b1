/** What operators do about an order: look, ask, give money back. */
import { type Page } from '@playwright/test';
import { expect, expectAccessible } from '../fixtures';
import { test } from '../platform';
import { operatorOf, signsIn } from '../office';
import { orders, pays } from '../program';

const numberOf = (payment: { id: string }) => payment.id.replace(/-\d+$/, '');

async function refunds(page: Page, password: string, amount?: string) {
  if (amount !== undefined) await page.getByLabel('Amount in KRW').fill(amount);
  await page.getByLabel('Reason').fill('came broken');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Refund', exact: true }).click();
}

test('I refund a part, see it end by itself, then the rest', async ({ page, request, stand, platform }) => {
  const payment = await orders(request);
  await pays(request, stand, payment);
  const account = operatorOf(stand, 'finance');
  await signsIn(page, account);
  await page.goto(`/admin/orders/${numberOf(payment).toLowerCase()}`);
  await expect(page.getByText('Paid by payment')).toBeVisible();
  await expectAccessible(page);

  await refunds(page, account.password, '1,000');
  await expect(page.getByText('in digits alone')).toBeVisible();
  await expect(page.getByLabel('Amount in KRW')).toHaveValue('1,000');
  await expectAccessible(page);

  await platform.misbehaves({ operations_pending: true });
  await refunds(page, account.password, '1000');
  await expect(page.getByRole('status')).toContainText('The refund is written down');
  await expect(page.locator('tr[data-progress="pending"]')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Refund another part' })).toBeVisible();
  await platform.behaves();
  await page.getByRole('button', { name: 'Ask the platform now' }).click();
  await platform.waits(600);
  await expect(page.locator('tr[data-progress="done"]')).toBeVisible();
  await expect(page.getByText('went back;')).toBeVisible();

  await refunds(page, account.password);
  await expect(page.getByText('All of payment')).toBeVisible();
  await page.getByText('Body of').first().click();
  await expectAccessible(page);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('I ask about a lost callback and refund all of it', async ({ page, request, stand, platform }) => {
    await platform.misbehaves({ drop: 1 });
    const payment = await orders(request);
    await pays(request, stand, payment);
    const account = operatorOf(stand, 'finance');
    await signsIn(page, account);
    await page.goto(`/admin/orders/${numberOf(payment)}`);
    await expect(page.getByText('Nothing was heard of payment')).toBeVisible();
    await page.getByRole('button', { name: 'Ask the platform now' }).click();
    await expect(page.getByRole('status')).toContainText('changed this order');
    await expect(page.getByText('No callback told it')).toBeVisible();
    await platform.behaves();
    await refunds(page, account.password);
    await expect(page.locator('tr[data-refund]')).toHaveCount(1);
  });
});

test('support is told its limit, a viewer has no form', async ({ page, request, stand, browser }) => {
  const payment = await orders(request);
  await pays(request, stand, payment);
  const support = operatorOf(stand, 'support');
  await signsIn(page, support);
  await page.goto(`/admin/orders/${numberOf(payment)}`);
  await expect(page.getByText('Your role refunds up to ₩50,000 at once')).toBeVisible();
  const elsewhere = await browser.newContext({ baseURL: stand.shop });
  const there = await elsewhere.newPage();
  await signsIn(there, operatorOf(stand, 'viewer'));
  await there.goto(`/admin/orders/${numberOf(payment)}`);
  await expect(there.getByText('can be refunded by support')).toBeVisible();
  await expect(there.getByRole('button', { name: 'Ask the platform now' })).toHaveCount(0);
  await elsewhere.close();
});

for (const width of [390, 1280]) {
  test(`the page fits ${width} pixels`, async ({ page, request, stand }, testInfo) => {
    await page.setViewportSize({ width, height: 900 });
    const payment = await orders(request);
    await pays(request, stand, payment);
    await signsIn(page, operatorOf(stand, 'finance'));
    await page.goto(`/admin/orders/${numberOf(payment)}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, 'nothing stands out of the page').toBeLessThanOrEqual(0);
    await page.screenshot({ path: testInfo.outputPath(`order-${width}.png`), fullPage: true });
  });
}
