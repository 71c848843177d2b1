/** What the Payment Page's frame says is a hint, and what others say in its name is nothing. */
import { type Frame, type Page } from '@playwright/test';
import { pressesPay, seesItNotPaid, seesItPaid, seesStatus } from '../customer';
import { opening as openingOf, said } from '../openings';
import { expect, test } from '../platform';
import { orders } from '../program';
import {
  SCRIPT,
  addsFrame,
  entersReadyCheckout,
  followed,
  inside,
  opensFrame,
  orderPath,
  paymentOf,
  paysTheOnePaymentInTheTab,
  serves,
} from './framed_checkout';

const CHECKING = 'Checking your payment with the payment platform…';

let hostile: Awaited<ReturnType<typeof serves>>;

test.beforeAll(async () => {
  hostile = await serves('<!DOCTYPE html><title>Hostile</title><link rel="icon" href="data:,">');
});

test.afterAll(() => hostile.close());

const says = (event: string, guid: unknown, data: object = {}) => JSON.stringify({ message: `epframe.${event}`, data, guid });

/** All that the platform's script obeys, to a shop's harm. */
const everything = (guid: unknown) =>
  ['payment.success', 'payment.fail', 'redirect', 'exit', 'destroy'].map((event) => says(event, guid, { url: hostile.address }));

const guidOf = async (page: Page) => (await page.locator('iframe.ep-iframe').getAttribute('id'))!.replace('iframe-', '');

/** A window that speaks to the shop, and what the shop's window is to it. */
interface Stranger {
  who: string;
  comes: (page: Page, sandbox: string) => Promise<Frame | Page>;
  shop: 'self' | 'parent' | 'opener';
}

const STRANGERS: Stranger[] = [
  { who: 'a frame of another origin', comes: (page) => addsFrame(page, hostile.address), shop: 'parent' },
  { who: 'another frame of the Payment Page’s origin', comes: (page, sandbox) => addsFrame(page, `${sandbox}/payment`), shop: 'parent' },
  { who: 'a window of another origin that the shop has opened', comes: opensHostileWindow, shop: 'opener' },
  { who: 'the shop’s own window', comes: async (page) => page, shop: 'self' },
];

async function opensHostileWindow(page: Page): Promise<Page> {
  const popup = page.waitForEvent('popup');
  await page.evaluate((address) => void window.open(address), hostile.address);
  return popup;
}

declare global {
  interface Window {
    heard: unknown[];
    opened: Window;
  }
}

/** Messages of one window arrive in order: when the last is heard, all before were obeyed or not. */
async function tells(page: Page, from: Frame | Page, shop: Stranger['shop'], texts: unknown[]) {
  const last = 'the end';
  await from.evaluate(({ shop, texts }) => texts.forEach((text) => window[shop].postMessage(text, '*')), { shop, texts: [...texts, last] });
  await expect.poll(() => page.evaluate((last) => window.heard.includes(last), last)).toBe(true);
}

/** The frame is as it was, and the payment in it can be paid. */
async function expectNothingChanged(page: Page, led: string[]) {
  await expect(said(page)).toHaveText('The payment page is open.');
  expect(led).toEqual([]);
  const [frame, order] = [await inside(page), await orderPath(page)];
  await frame.getByRole('button', { name: /^Pay/ }).click();
  await frame.getByRole('button', { name: 'Approve' }).click();
  await expect(page).toHaveURL(order);
  await seesItPaid(page);
  expect([...new Set(led)]).toEqual([order]);
}

/** The browser's own page stands in its place. */
async function expectForbidden(frame: Frame, what?: string) {
  await expect.poll(() => frame.url(), what).toBe('chrome-error://chromewebdata/');
}

// The platform's own script believes every window, the sandbox's does not. Here it does: only the shop itself stands guard.
async function meetsCarelessScript(page: Page, sandbox: string) {
  let script = await (await fetch(`${sandbox}/shared/merchant.js`)).text();
  for (const [careful, careless] of [
    ['if (!source || source !== this.frame.contentWindow || origin !== this.origin) return;', ''],
    ['if (!said || said.guid !== this.guid) return;', 'if (!said) return;'],
    ['? webAddress(data.url)', '? data.url'],
  ]) {
    expect(script).toContain(careful);
    script = script.replace(careful, careless);
  }
  await page.route(SCRIPT, (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
  await page.addInitScript(() => {
    window.heard = [];
    window.addEventListener('message', ({ data }) => window.heard.push(data), true); // before the shop's own listener
  });
}

for (const opening of ['iframe', 'popup'] as const) {
  test(`no page of another origin gets into a frame of the checkout (${opening})`, async ({ page, allowErrors }) => {
    allowErrors(/frame-src/); // the browser says why
    await opensFrame(page, opening);
    const led = followed(page);
    await expectForbidden(await addsFrame(page, hostile.address));
    await expectNothingChanged(page, led);
  });

  test.describe(`While the Payment Page is open (${opening}), even with a careless script and no policy`, () => {
    test.use({ bypassCSP: true }); // so that a frame can be hostile, and a script's address would run

    let frame: Frame;
    let guid: string;
    let led: string[];

    test.beforeEach(async ({ page, stand }) => {
      await meetsCarelessScript(page, stand.sandbox);
      frame = await opensFrame(page, opening);
      guid = await guidOf(page);
      led = followed(page);
    });

    for (const { who, comes, shop } of STRANGERS) {
      test(`${who} that knows the guid changes nothing`, async ({ page, stand }) => {
        await tells(page, await comes(page, stand.sandbox), shop, everything(guid));
        await expectNothingChanged(page, led);
      });
    }

    test('another origin in the very frame changes nothing', async ({ page, allowErrors }) => {
      allowErrors(/postMessage/); // the browser keeps the script's greeting from another origin
      await frame.goto(hostile.address);
      await tells(page, frame, 'parent', everything(guid));
      await expect(said(page)).toHaveText('The payment page is open.');
      await openingOf(opening).closes(page);
      await pressesPay(page);
      await expectNothingChanged(page, led);
    });

    test('the frame changes nothing by another guid or by nonsense', async ({ page }) => {
      const message = 'epframe.exit';
      const guids = ['', 'another', `${guid} `, guid.slice(1), null, 7, [guid], undefined];
      const shapes = [null, 7, true, '', '{', 'null', '[]', '"epframe.exit"', { message, guid }, [message, guid]];
      const names = ['exit', 'epframe', '__proto__', [message], null, 'EPFRAME.EXIT', ' epframe.exit'];
      const misnamed = names.map((message) => JSON.stringify({ message, guid }));
      const fromElsewhere = JSON.stringify({ message, guid: 'another', from_another_domain: true });
      await tells(page, frame, 'parent', [...guids.flatMap(everything), ...shapes, ...misnamed, fromElsewhere]);
      await expectNothingChanged(page, led);
    });

    test('the frame leads to nothing that is no address of the web', async ({ page }) => {
      const code = 'document.body.remove()';
      const scripts = [`javascript:${code}`, ` JavaScript:${code}`, `java\nscript:${code}`, `vbscript:${code}`];
      const others = [`data:text/html,<script>${code}</script>`, `blob:${page.url()}`, 'file:///', '//', '', '/cart', null, 7, ['/cart']];
      const redirects = [...scripts, ...others].map((url) => says('redirect', guid, { url }));
      await tells(page, frame, 'parent', [...redirects, says('redirect', guid)]);
      await expectNothingChanged(page, led);
    });

    for (const where of ['another host', 'one that looks like the shop']) {
      test(`where the frame wants to ${where}, the same payment goes on in the tab`, async ({ page }) => {
        const { host } = new URL(hostile.address);
        const url = where === 'another host' ? hostile.address : `${new URL(page.url()).origin}@${host}/`;
        const id = await paymentOf(frame);
        await frame.evaluate((text) => window.parent.postMessage(text, '*'), says('redirect', guid, { url }));
        await paysTheOnePaymentInTheTab(page, new Set([id]));
        expect([led[0], led.includes('/')]).toEqual(['/payment', false]);
      });
    }

    test('a success that was never paid is called checking, and leads to an order that waits', async ({ page }) => {
      const order = await orderPath(page);
      await tells(page, frame, 'parent', [says('payment.success', guid)]);
      await expect(said(page)).toHaveText(CHECKING);
      await expect(page.getByRole('main')).not.toContainText('Paid');
      expect(led).toEqual([]);
      await frame.evaluate((text) => window.parent.postMessage(text, '*'), says('exit', guid));
      await expect(page).toHaveURL(order);
      await seesStatus(page, 'none');
      await seesItNotPaid(page);
    });

    test('a true success is called checking, too, until the shop itself has heard of it', async ({ page, platform }) => {
      await platform.misbehaves({ drop: 1 });
      const [order, id] = [await orderPath(page), await paymentOf(frame)];
      await frame.getByRole('button', { name: /^Pay/ }).click();
      await page.clock.install();
      await page.clock.pauseAt(Date.now() + 60_000); // the result's own way back waits
      await frame.getByRole('button', { name: 'Approve' }).click();
      await expect(said(page)).toHaveText(CHECKING);
      await page.clock.resume();
      await expect(page).toHaveURL(order);
      await seesItNotPaid(page);
      await platform.sendsCallbacksAgain(id);
      await seesItPaid(page);
    });
  });
}

test('a window of another origin that has opened the shop loses sight of it', async ({ page, context }) => {
  await entersReadyCheckout(page, 'iframe');
  const stranger = await context.newPage();
  await stranger.goto(hostile.address);
  const popup = stranger.waitForEvent('popup');
  await stranger.evaluate((address) => void (window.opened = window.open(address)!), page.url());
  await expect((await popup).getByRole('button', { name: /^Pay/ })).toBeVisible();
  expect(await stranger.evaluate(() => window.opened.closed)).toBe(true);
});

test.describe('In a frame', () => {
  test.use({ bypassCSP: true }); // of the page around it; who may frame a page is still the page's own word

  test('the order is shown by no third origin, and no other page by anybody', async ({ page, request, stand, allowErrors }) => {
    allowErrors(/frame-ancestors/); // the browser says why
    const { order } = await orders(request);
    await page.goto(hostile.address);
    await expectForbidden(await addsFrame(page, order));
    for (const around of [`${stand.sandbox}/example`, stand.shop]) {
      for (const path of ['/', '/products/jeju-green-tea', '/cart', '/checkout', '/terms', `${new URL(order).pathname}/pay`]) {
        await page.goto(around);
        await expectForbidden(await addsFrame(page, stand.shop + path), `${path} in ${around}`);
      }
    }
  });

  test('of the Payment Page’s host, the order shows nothing but the way out', async ({ page, request, stand }) => {
    const { order } = await orders(request);
    await page.goto(`${stand.sandbox}/example`);
    const frame = await addsFrame(page, order);
    await expect(frame.locator('body')).toHaveText('Back to the shopSee your order');
    await frame.getByRole('link', { name: 'See your order' }).click();
    await expect(page).toHaveURL(order);
    await seesStatus(page, 'none');
  });

  test('of the shop itself, the order leads the whole window out', async ({ page, request }) => {
    const { order } = await orders(request);
    await page.goto('/terms');
    await page.evaluate((address) => void (document.body.appendChild(document.createElement('iframe')).src = address), order);
    await expect(page).toHaveURL(order);
    await seesStatus(page, 'none');
  });
});
