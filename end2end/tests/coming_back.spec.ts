/** Every way back from the Payment Page to the shop, and what the shop says then. */
import { type Page } from '@playwright/test';
import { isAtThePaymentPage, orderAddress, paysThere, seesItNotPaid, seesItPaid, seesStatus } from '../customer';
import {
  OPENINGS,
  PRODUCT,
  type Opening,
  answersThere,
  comesBackToCheckout,
  confirmsThere,
  entersDetails,
  hears,
  isReady,
  opening as openingOf,
  opensPayment,
} from '../openings';
import { expect, test } from '../platform';
import { orders, pays, statusOf } from '../program';
import { OTHER, changesCart, serves } from './framed_checkout';

const DETAILS = { method: 'Payco', email: 'kim.minji@example.com' } as const;

const enters = (page: Page, opening: Opening) => entersDetails(page, opening, { market: 'KR', ...DETAILS });

async function seesItChecked(page: Page) {
  await seesStatus(page, 'none');
  await seesItNotPaid(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Checking');
}

/** The button of the Payment Page, set by the shop or the platform to lead there. */
async function goesBack(page: Page, opening: Opening, target?: '_self' | '_blank') {
  const button = opening.place(page).getByRole('link', { name: 'Return to shop' });
  if (target) await button.evaluate((link: HTMLAnchorElement, target) => (link.target = target), target);
  const clicked = button.click();
  // A browser may answer a click that opened a tab only once this page is in front again: the tab itself is waited for.
  if (target === '_blank') clicked.catch(() => {});
  else await clicked;
}

for (const opening of OPENINGS) {
  test.describe(`Paying ${opening.where}`, () => {
    let payment: URLSearchParams;

    test.beforeEach(async ({ page }) => {
      await enters(page, opening);
      payment = await opensPayment(page, opening);
    });

    test('I am led back before the shop has heard of it, and am told where I am as soon as it has', async ({ page, platform }) => {
      await platform.misbehaves({ delay_ms: 600_000 });
      await confirmsThere(page, opening);
      await answersThere(page, opening, 'Approve');
      await expect(page).toHaveURL(orderAddress(payment));
      await seesItChecked(page);
      await platform.waits(700);
      await seesItPaid(page);
    });

    test('where the button opens a new tab, my order is there', async ({ page }) => {
      await confirmsThere(page, opening);
      await answersThere(page, opening, 'Decline');
      const opened = page.waitForEvent('popup');
      await goesBack(page, opening, '_blank');
      const tab = await opened;
      await expect(tab).toHaveURL(orderAddress(payment));
      await seesStatus(tab, 'decline');
      if (opening.isFramed) await expect(page).toHaveURL(orderAddress(payment)); // the frame was left for it
    });

    if (opening.isFramed) {
      test('where an undecided payment opens a new tab, the checkout is there again', async ({ page }) => {
        const opened = page.waitForEvent('popup');
        await goesBack(page, opening, '_blank');
        await seesItChecked(await opened);
        await hears(page, 'The payment page is closed');
        expect((await opensPayment(page, opening)).get('payment_id')).toBe(payment.get('payment_id'));
      });

      test('where the button stays in its frame, my order still gets the whole window', async ({ page }) => {
        await confirmsThere(page, opening);
        await answersThere(page, opening, 'Decline');
        await goesBack(page, opening, '_self');
        await expect(page).toHaveURL(orderAddress(payment));
        await seesStatus(page, 'decline');
      });
    }

    test('Back leaves checkout and cart as they were, and Pay opens the same payment', async ({ page, context }) => {
      await page.goBack();
      if (opening.isFramed) {
        await expect(page).toHaveURL('/checkout');
        await page.goForward();
        await isReady(page);
      }
      await expect(page).toHaveURL(`/checkout?opening=${opening.code}`);
      await expect(page.getByRole('radio', { name: DETAILS.method })).toBeChecked();
      await expect(page.getByRole('textbox', { name: 'Email' })).toHaveValue(DETAILS.email);
      const cart = await context.newPage();
      await cart.goto('/cart');
      await expect(cart.getByRole('main').getByRole('link', { name: PRODUCT })).toBeVisible();
      expect((await opensPayment(page, opening)).get('payment_id')).toBe(payment.get('payment_id'));
    });

    test('a second tab with the same order is told when the first has paid it', async ({ page, context }) => {
      const second = await context.newPage();
      if (opening.isFramed) {
        await comesBackToCheckout(second, opening, DETAILS);
        expect((await opensPayment(second, opening)).get('payment_id')).toBe(payment.get('payment_id'));
      } else {
        await second.goto(orderAddress(payment)); // in the platform's tab the shop can tell nothing
        await seesItChecked(second);
      }
      await confirmsThere(page, opening);
      await answersThere(page, opening, 'Approve');
      for (const tab of [page, second]) {
        await expect(tab).toHaveURL(orderAddress(payment));
        await seesItPaid(tab);
      }
    });

    test('the button leads me back undecided; a cart changed meanwhile is told, and the payment goes on as it is', async ({ page }) => {
      await changesCart(page);
      if (opening.isFramed) {
        await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange'))); // no tab here is ever out of sight
        await expect(page.locator('#cart-changed')).toContainText('A payment that is already open stays at ₩18,000');
        await expect(page.locator('#cart-changed')).toBeVisible();
      }
      await goesBack(page, opening);
      await expect(page).toHaveURL(orderAddress(payment));
      await seesItChecked(page);
      await expect(page.locator('.cart-differs')).toBeVisible();
      await expect(page.getByRole('main')).not.toContainText(OTHER);
      await page.getByRole('button', { name: 'Continue this payment' }).click();
      const again = await isAtThePaymentPage(page);
      for (const name of ['payment_id', 'payment_amount']) expect(again.get(name)).toBe(payment.get(name));
      await paysThere(page);
      await seesItPaid(page);
      await expect(page.locator('.cart-differs')).toHaveCount(0);
      await page.goto('/cart');
      await expect(page.getByRole('main')).toContainText(OTHER);
      await expect(page.getByRole('main')).not.toContainText(PRODUCT);
    });
  });
}

test('in another browser my order tells the truth, and nothing of me', async ({ page, browser, platform }) => {
  await platform.misbehaves({ drop: 1 });
  await enters(page, openingOf('redirect'));
  const payment = await opensPayment(page, openingOf('redirect'));
  await changesCart(page);
  const elsewhere = await browser.newContext();
  const there = await elsewhere.newPage();
  await paysThere(page);
  await there.goto(orderAddress(payment));
  for (const tab of [page, there]) await seesItChecked(tab);
  await expect(page.locator('.cart-differs')).toHaveCount(1);
  await expect(there.locator('.cart-differs')).toHaveCount(0);
  expect(await there.content()).not.toContain(DETAILS.email);
  await platform.sendsCallbacksAgain(payment.get('payment_id')!);
  await seesItPaid(there);
  expect(await there.content()).not.toContain(DETAILS.email);
  await elsewhere.close();
});

test('coming back by another site’s POST, I see the truth, and my page asks on by itself', async ({ page, request, stand, platform }) => {
  await platform.misbehaves({ drop: 1 });
  const payment = await orders(request);
  await pays(request, stand, payment);
  const site = await serves(`<!DOCTYPE html><link rel="icon" href="data:,"><form method="post" action="${payment.order}">
    <input name="payment_status" value="success"><button>Back</button></form>`);
  const asked: string[] = [];
  page.on('request', (request) => request.url() === payment.order && asked.push(request.method()));
  await page.goto(site.address);
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page).toHaveURL(payment.order);
  await seesItChecked(page);
  await platform.sendsCallbacksAgain(payment.id);
  await seesItPaid(page);
  expect(asked).toEqual(['POST', 'GET']);
  site.close();
});

test('what the shop hears while my order’s page is on its way reaches me', async ({ page, request, stand, platform }) => {
  await platform.misbehaves({ drop: 1 });
  const payment = await orders(request);
  await pays(request, stand, payment);
  let heard = () => {};
  const hearing = new Promise<void>((resolve) => (heard = resolve));
  await page.route('**/*.wasm', (route) => hearing.then(() => route.continue())); // until then the page cannot be told anything
  await page.goto(payment.order);
  await seesItChecked(page);
  await platform.sendsCallbacksAgain(payment.id);
  await expect.poll(() => statusOf(request, payment.order)).toBe('success');
  await seesItChecked(page);
  heard();
  await seesItPaid(page);
});

test('I never come back: later my order is paid, and nothing is left to pay', async ({ page, context }) => {
  await enters(page, openingOf('redirect'));
  const payment = await opensPayment(page, openingOf('redirect'));
  await confirmsThere(page, openingOf('redirect'));
  await answersThere(page, openingOf('redirect'), 'Approve');
  await page.close();
  const later = await context.newPage();
  await later.goto(orderAddress(payment));
  await seesItPaid(later);
  await later.goto('/checkout');
  await expect(later).toHaveURL('/cart');
  await expect(later.getByRole('main')).toContainText('Your cart is empty');
});

test('Back to a checkout shows my cart as it is now, or tells me that it has changed', async ({ page }) => {
  await enters(page, openingOf('redirect'));
  await opensPayment(page, openingOf('redirect'));
  await changesCart(page);
  await page.goBack(); // from the disk or from the shop, as the browser likes
  const told = page.locator('#cart-changed:not([hidden])');
  const shown = page.getByRole('complementary').getByText(OTHER);
  await expect(told.or(shown)).toBeVisible();
});
