/** Pages that the browser keeps and shows again as they were: each asks whether it is still true. */
import { type Page } from '@playwright/test';
import { orderAddress, putsInCart, seesItPaid, seesStatus } from '../customer';
import { OPENINGS, type Opening, answersThere, confirmsThere, entersDetails, opening as openingOf, opensPayment } from '../openings';
import { expect, test as base } from '../platform';
import { orders, pays, statusOf } from '../program';
import { OTHER, changesCart } from './framed_checkout';

const EMAIL = 'kim.minji@example.com';

const enters = (page: Page, opening: Opening) => entersDetails(page, opening, { market: 'KR', method: 'Payco', email: EMAIL });

/** A browser with a back/forward cache: elsewhere Playwright switches it off. */
const test = base.extend<object, object>({
  browser: [
    async ({ playwright }, use) => {
      const own = await playwright.chromium.launch({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
      await use(own);
      await own.close();
    },
    { scope: 'worker' },
  ],
});

test.beforeEach(async ({ context }) => {
  await context.addInitScript(() => {
    window.addEventListener('pageshow', ({ persisted }) => persisted && console.info(`restored ${location.pathname}`));
  });
});

/** Not by Playwright's own goBack: that waits for a page to load. */
async function goesBackTo(page: Page, path: string) {
  const restored = page.waitForEvent('console', (message) => message.text() === `restored ${path}`);
  await page.evaluate(() => history.back());
  await restored;
}

test('the checkout keeps what I typed, and says that my cart has changed', async ({ page }) => {
  await enters(page, openingOf('redirect'));
  await opensPayment(page, openingOf('redirect'));
  await changesCart(page);
  await goesBackTo(page, '/checkout');
  await expect(page.locator('#cart-changed')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Email' })).toHaveValue(EMAIL);
  await expect(page.getByRole('main')).not.toContainText(OTHER);
  await page.getByRole('link', { name: 'Show the cart as it is now' }).click();
  await expect(page.getByRole('main')).toContainText(OTHER);
});

test('the cart shows itself as it is now', async ({ page }) => {
  await page.request.get('/?market=KR');
  await putsInCart(page, 'jeju-green-tea');
  await page.getByRole('link', { name: 'Checkout' }).click();
  await expect(page).toHaveURL('/checkout');
  await changesCart(page);
  await goesBackTo(page, '/cart');
  await expect(page.getByRole('main')).toContainText(OTHER);
});

for (const opening of OPENINGS.filter(({ isFramed }) => isFramed)) {
  test(`the checkout has closed what was open ${opening.where}, and Pay opens the same payment`, async ({ page }) => {
    await enters(page, opening);
    const payment = await opensPayment(page, opening);
    await page.goto('/terms');
    await goesBackTo(page, '/checkout');
    await expect(page.locator('iframe.ep-iframe')).toHaveCount(0);
    await expect(page.getByRole('textbox', { name: 'Email' })).toHaveValue(EMAIL);
    expect((await opensPayment(page, opening)).get('payment_id')).toBe(payment.get('payment_id'));
  });

  test(`the checkout of an order paid ${opening.where} leads to that order`, async ({ page }) => {
    await enters(page, opening);
    const payment = await opensPayment(page, opening);
    await confirmsThere(page, opening);
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000); // a frame that lives on would lead there, too
    await answersThere(page, opening, 'Approve');
    await expect(page).toHaveURL(orderAddress(payment));
    await goesBackTo(page, '/checkout');
    await expect(page).toHaveURL(orderAddress(payment));
    await seesItPaid(page);
  });
}

test('my order asks again', async ({ page, request, stand, platform }) => {
  await platform.misbehaves({ drop: 1 });
  const payment = await orders(request);
  await pays(request, stand, payment);
  await page.goto(payment.order);
  await seesStatus(page, 'none');
  await page.goto('/terms');
  await platform.sendsCallbacksAgain(payment.id);
  await expect.poll(() => statusOf(request, payment.order)).toBe('success');
  await goesBackTo(page, new URL(payment.order).pathname);
  await seesItPaid(page);
});

for (const opening of OPENINGS.filter(({ isFramed }) => isFramed)) {
  test(`what a page asked before it was left opens nothing once it is shown again (${opening.code})`, async ({ page }) => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    await enters(page, opening);
    await page.route('**/checkout?**', (route) => held.then(() => route.fallback()), { times: 1 });
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: /^Pay/ }).click();
    // A page that is asking is rarely kept: its return is told to it by hand.
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    answer();
    await (await answered).finished();
    await expect(page.getByRole('button', { name: /^Pay/ })).toHaveAttribute('aria-disabled', 'false');
    await opensPayment(page, opening);
    await expect(page.locator('.ep-iframe')).toHaveCount(1);
  });
}
