/** Whatever goes wrong with the frame, the same payment goes on in the tab. */
import { type Page, type Route } from '@playwright/test';
import { pressesPay } from '../customer';
import { expect, test } from '../fixtures';
import { type Opening, SCRIPT, entersCheckout, entersReadyCheckout, idIn, madePayments, paysTheOnePaymentInTheTab } from './framed_checkout';

const FRAMED = ['iframe', 'popup'] as const satisfies Opening[];

/** Something that goes wrong, and what the browser's console says of it. */
interface Mishap {
  what: string;
  happens: (page: Page) => Promise<unknown>;
  complaint?: RegExp;
}

const javaScript = (body: string) => ({ contentType: 'text/javascript', body });
const never = () => {}; // a route that is never answered
const script = (what: string, answer: (route: Route) => unknown, complaint?: RegExp): Mishap => ({
  what: `the platform’s script ${what}`,
  happens: (page) => page.route(SCRIPT, answer),
  complaint,
});

const SCRIPT_MISHAPS = [
  script('is not found', (route) => route.fulfill({ status: 404 }), /404 \(Not Found\)/),
  script('is a server’s error', (route) => route.fulfill({ status: 500 }), /500 \(Internal Server Error\)/),
  script('never comes', never),
  script('is blocked', (route) => route.abort(), /net::ERR_FAILED/),
  script('is a page', (route) => route.fulfill({ contentType: 'text/html', body: '<!DOCTYPE html><p>Hello' }), /Unexpected token '<'/),
  script('is another script', (route) => route.fulfill(javaScript('window.EPay = {};'))),
  script('cannot be read', (route) => route.fulfill(javaScript('window.EPayWidget = {')), /SyntaxError|Unexpected end/),
  script('has a widget without run', (route) => route.fulfill(javaScript('window.EPayWidget = { run: true };'))),
];

/** Here the script is there, and what it opens goes wrong. */
const FRAME_MISHAPS: Mishap[] = [
  script('throws', (route) => route.fulfill(javaScript('window.EPayWidget = { run() { throw new Error("broken"); } };'))),
  script('does nothing', (route) => route.fulfill(javaScript('window.EPayWidget = { run() {} };'))),
  {
    what: 'the Payment Page refuses frames',
    happens: (page) => page.route('**/payment', refused),
    complaint: /X-Frame-Options|postMessage/, // the frame's place is taken by the browser's own error page
  },
  { what: 'the Payment Page never comes into the frame', happens: (page) => page.route('**/payment', never) },
  {
    what: 'the Payment Page’s frame stays silent',
    happens: (page) => page.route('**/assets/frame.js', (route) => route.abort()),
    complaint: /net::ERR_FAILED/,
  },
];

async function refused(route: Route) {
  const response = await route.fetch();
  await route.fulfill({ response, headers: { ...response.headers(), 'X-Frame-Options': 'DENY', 'Content-Security-Policy': '' } });
}

for (const { what, happens, complaint } of SCRIPT_MISHAPS) {
  test(`when ${what}, the payment goes on in the tab`, async ({ page, context, allowErrors }) => {
    if (complaint) allowErrors(complaint);
    await happens(page);
    const made = await madePayments(context);
    await entersReadyCheckout(page, 'iframe');
    await pressesPay(page);
    await paysTheOnePaymentInTheTab(page, made);
  });
}

for (const opening of FRAMED) {
  for (const { what, happens, complaint } of FRAME_MISHAPS) {
    test(`when ${what} (${opening}), the payment goes on in the tab`, async ({ page, context, allowErrors }) => {
      if (complaint) allowErrors(complaint);
      await happens(page);
      const made = await madePayments(context);
      await entersReadyCheckout(page, opening);
      await pressesPay(page);
      await paysTheOnePaymentInTheTab(page, made);
    });
  }
}

test.describe('When the page asks the shop for the payment', () => {
  let made: Set<string>;

  test.beforeEach(async ({ context }) => {
    made = await madePayments(context);
  });

  /** Pays while the page’s own question has this fate. */
  async function paysAsking(page: Page, fate: (route: Route) => unknown) {
    let asked = 0;
    await page.route('**/checkout?opening=iframe', async (route) => {
      if (route.request().headers().accept !== 'application/json') return route.fallback();
      asked += 1;
      await fate(route);
    });
    await entersReadyCheckout(page, 'iframe');
    await pressesPay(page);
    await paysTheOnePaymentInTheTab(page, made);
    expect(asked).toBe(1);
  }

  /** The shop makes the payment, whatever the page hears of it. */
  async function isMade(route: Route) {
    const answer = await route.fetch();
    const id = idIn(await answer.text());
    expect(id).toBeDefined();
    made.add(id!);
  }

  test('and the connection breaks, the form is sent in the old way', async ({ page, allowErrors }) => {
    allowErrors(/net::ERR_CONNECTION_RESET/);
    await paysAsking(page, (route) => route.abort('connectionreset'));
  });

  test('and the connection breaks once the shop has made it, it stays the only one', async ({ page, allowErrors }) => {
    allowErrors(/net::ERR_CONNECTION_RESET/);
    await paysAsking(page, async (route) => {
      await isMade(route);
      await route.abort('connectionreset');
    });
  });

  test('and the answer is too slow, it stays the only one', async ({ page }) => {
    await paysAsking(page, isMade); // and never answered
  });

  test('and the shop has a fault once, the form is sent in the old way', async ({ page, allowErrors }) => {
    allowErrors(/503 \(Service Unavailable\)/);
    await paysAsking(page, (route) => route.fulfill({ status: 503, body: 'no' }));
  });

  test('and the answer cannot be read, it stays the only one', async ({ page }) => {
    await paysAsking(page, async (route) => {
      await isMade(route);
      await route.fulfill({ contentType: 'application/json', body: '{"order": "/orders/' });
    });
  });
});

test('a way to the Payment Page that I stop leaves me a form that works', async ({ page, context, allowErrors }) => {
  allowErrors(/net::ERR_FAILED/);
  await page.route(SCRIPT, (route) => route.abort());
  const browser = await context.newCDPSession(page);
  let hangs = true;
  await page.route('**/payment?**', (route) => (hangs ? never() : route.fallback()));
  const made = await madePayments(context);
  await entersReadyCheckout(page, 'iframe');
  const leaves = page.waitForRequest((request) => request.isNavigationRequest() && request.url().includes('/payment?'));
  await pressesPay(page);
  await leaves;
  await browser.send('Page.stopLoading');
  await expect(page.getByRole('button', { name: /^Pay/ })).toHaveAttribute('aria-disabled', 'false', { timeout: 15_000 });
  await expect(page.locator('#payment-order')).toBeVisible();
  hangs = false;
  await pressesPay(page);
  await paysTheOnePaymentInTheTab(page, made);
});

test('when the answer to the page’s question never ends, the payment goes on in the tab', async ({ page, context }) => {
  const made = await madePayments(context);
  await entersReadyCheckout(page, 'iframe');
  await page.evaluate(() => {
    Response.prototype.text = () => new Promise(() => {});
  });
  await pressesPay(page);
  await expect(page).toHaveURL(/\/payment\?/, { timeout: 20_000 });
  expect(made.size).toBe(1);
});

for (const opening of FRAMED) {
  test(`on a small screen the Payment Page has the tab to itself (${opening})`, async ({ page, context }) => {
    const asked: string[] = [];
    context.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.setViewportSize({ width: 390, height: 844 });
    const made = await madePayments(context);
    await entersCheckout(page, opening);
    await expect(page.getByRole('textbox', { name: 'Email' })).toHaveAttribute('aria-required', 'false'); // scripts run
    await pressesPay(page);
    await paysTheOnePaymentInTheTab(page, made);
    expect(asked).not.toContain('/shared/merchant.js');
  });

  test(`a window made small since leads to the Payment Page in the tab (${opening})`, async ({ page, context }) => {
    const made = await madePayments(context);
    await entersReadyCheckout(page, opening);
    await page.setViewportSize({ width: 390, height: 844 });
    await pressesPay(page);
    await paysTheOnePaymentInTheTab(page, made);
  });

  test(`without WebAssembly the form works in the old way (${opening})`, async ({ page, context, allowErrors }) => {
    allowErrors(/net::ERR_FAILED|Failed to fetch/);
    const blocked = page.waitForEvent('requestfailed', (request) => request.url().endsWith('.wasm'));
    await page.route('**/*.wasm', (route) => route.abort());
    const made = await madePayments(context);
    await entersCheckout(page, opening);
    await blocked;
    await pressesPay(page);
    await paysTheOnePaymentInTheTab(page, made);
  });

  test.describe('Without scripts', () => {
    test.use({ javaScriptEnabled: false });

    test(`the form works in the old way (${opening})`, async ({ page, context }) => {
      const made = await madePayments(context);
      await entersCheckout(page, opening);
      await pressesPay(page);
      await paysTheOnePaymentInTheTab(page, made);
    });
  });
}
