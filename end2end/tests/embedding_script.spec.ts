/** The sandbox's example page, as a customer uses it. */
import { type FrameLocator, type Page } from '@playwright/test';
import { expect, expectAccessible, test } from '../fixtures';

type Button = 'Open in this page' | 'Open over this page' | 'Open in this tab';

async function opens(page: Page, sandbox: string, button: Button): Promise<FrameLocator> {
  await page.goto(`${sandbox}/example`);
  await page.getByRole('button', { name: button }).click();
  return page.frameLocator('.ep-iframe');
}

async function pays(payment: FrameLocator | Page, answer: 'Approve' | 'Decline') {
  await payment.getByRole('textbox', { name: 'Last name' }).fill('Peeters');
  await payment.getByRole('button', { name: /^Pay/ }).click();
  await payment.getByRole('button', { name: answer }).click();
}

async function seesCalled(page: Page, ...handlers: string[]) {
  await expect(page.locator('#log code')).toHaveText(handlers);
}

for (const [answer, result] of [
  ['Approve', 'onPaymentSuccess'],
  ['Decline', 'onPaymentFail'],
] as const) {
  test(`a payment in the page ends with ${result} after ${answer}`, async ({ page, stand }) => {
    const payment = await opens(page, stand.sandbox, 'Open in this page');
    await seesCalled(page, 'onRun', 'onLoaded');
    await pays(payment, answer);
    await seesCalled(page, 'onRun', 'onLoaded', 'onPaymentSent', result);
    await expect(page.locator('#log li').last()).toContainText(answer === 'Approve' ? ': success' : ': decline');
  });
}

test('the example works for everyone, closed and open @phone', async ({ page, stand }) => {
  await page.goto(`${stand.sandbox}/example`);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Open over this page' }).click();
  await seesCalled(page, 'onRun', 'onLoaded');
  await expectAccessible(page);
});

test('a frame in the page is as high as what it shows', async ({ page, stand }) => {
  const payment = await opens(page, stand.sandbox, 'Open in this page');
  await seesCalled(page, 'onRun', 'onLoaded');
  const isWhole = () => payment.locator('html').evaluate((html) => Math.abs(html.scrollHeight - innerHeight) <= 1);
  await expect.poll(isWhole).toBe(true);
  await pays(payment, 'Decline');
  await seesCalled(page, 'onRun', 'onLoaded', 'onPaymentSent', 'onPaymentFail');
  await expect.poll(isWhole).toBe(true);
});

test('the way back out of a frame in the page leads the shop’s page', async ({ page, stand }) => {
  const payment = await opens(page, stand.sandbox, 'Open in this page');
  await seesCalled(page, 'onRun', 'onLoaded');
  await payment.getByRole('link', { name: 'Return to shop' }).click();
  await expect(page.locator('.ep-iframe')).toHaveCount(0);
  await expect(page).toHaveURL(/\/example$/);
});

test('with the frame’s script blocked, the links still lead the shop’s page', async ({ page, stand, allowErrors }) => {
  allowErrors(/net::ERR_FAILED/);
  await page.route('**/assets/frame.js', (route) => route.abort());
  const payment = await opens(page, stand.sandbox, 'Open in this page');
  await pays(payment, 'Decline');
  await payment.getByRole('link', { name: 'Return to shop' }).click();
  await expect(page.locator('.ep-iframe')).toHaveCount(0);
  await expect(page).toHaveURL(/\/example$/);
});

test('over the page, focus moves in, Escape closes before a result, and focus moves back', async ({ page, stand }) => {
  await opens(page, stand.sandbox, 'Open over this page');
  await expect(page.getByRole('dialog', { name: 'Payment' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Close' })).toBeFocused();
  await seesCalled(page, 'onRun', 'onLoaded');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Open over this page' })).toBeFocused();
  await seesCalled(page, 'onRun', 'onLoaded', 'onDestroy');
});

test('Escape closes from inside the frame, too', async ({ page, stand }) => {
  const payment = await opens(page, stand.sandbox, 'Open over this page');
  await seesCalled(page, 'onRun', 'onLoaded');
  await payment.getByRole('textbox', { name: 'Last name' }).press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await seesCalled(page, 'onRun', 'onLoaded', 'onDestroy');
});

test('closing after a result is an exit', async ({ page, stand }) => {
  const payment = await opens(page, stand.sandbox, 'Open over this page');
  await pays(payment, 'Approve');
  await seesCalled(page, 'onRun', 'onLoaded', 'onPaymentSent', 'onPaymentSuccess');
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await seesCalled(page, 'onRun', 'onLoaded', 'onPaymentSent', 'onPaymentSuccess', 'onExit');
});

test('in the tab, the Payment Page has no scripts and leads back', async ({ page, stand }) => {
  await opens(page, stand.sandbox, 'Open in this tab');
  await expect(page).toHaveURL(/\/payment\?/);
  await expect(page.locator('script')).toHaveCount(0);
  await pays(page, 'Decline');
  await expect(page).toHaveURL(/\/payment\/[0-9a-f]+$/);
  await page.getByRole('link', { name: 'Return to shop' }).click();
  await expect(page).toHaveURL(/\/example$/);
});

test('a frame that never loads is reported', async ({ page, stand, allowErrors }) => {
  allowErrors(/net::ERR_FAILED|postMessage/); // the frame's place is taken by the browser's own error page
  await page.route(/\/payment\?/, (route) => route.abort());
  await opens(page, stand.sandbox, 'Open in this page');
  await seesCalled(page, 'onRun', 'onFailLoading');
});

test('a frame that hangs is reported', async ({ page, stand }) => {
  await page.route(/\/payment\?/, () => {}); // never answered
  await opens(page, stand.sandbox, 'Open in this page');
  await seesCalled(page, 'onRun', 'onFailLoading');
});
