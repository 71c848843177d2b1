/** What the Payment Page's frame says is a hint, and what others say in its name is nothing. */
import { type Frame, type Page } from '@playwright/test';
import { fillsIn, pressesPay, seesItNotPaid, seesItPaid, seesStatus } from '../customer';
import { expect, test } from '../platform';
import {
  type Opening,
  SCRIPT,
  entersReadyCheckout,
  inside,
  madePayments,
  opensFrame,
  orderPath,
  paysTheOnePaymentInTheTab,
  serves,
} from './framed_checkout';

const FRAMED = ['iframe', 'popup'] as const satisfies Opening[];

let hostile: Awaited<ReturnType<typeof serves>>;

test.beforeAll(async () => {
  hostile = await serves('<!DOCTYPE html><title>Hostile</title><link rel="icon" href="data:,">');
});

test.afterAll(() => hostile.close());

// The platform's own script believes every window, the sandbox's does not. Here it does: only the shop itself stands guard.
test.beforeEach(async ({ context, stand }) => {
  const script = await (await fetch(`${stand.sandbox}/shared/merchant.js`)).text();
  const careless = [
    ['if (!source || source !== this.frame.contentWindow || origin !== this.origin) return;', ''],
    ['if (!said || said.guid !== this.guid) return;', 'if (!said) return;'],
    ['? webAddress(data.url)', '? data.url'],
  ].reduce((text, [careful, careless]) => {
    expect(text).toContain(careful);
    return text.replace(careful, careless);
  }, script);
  await context.route(SCRIPT, (route) => route.fulfill({ contentType: 'text/javascript', body: careless }));
  await context.addInitScript(() => {
    window.heard = [];
    window.addEventListener('message', ({ data }) => window.heard.push(data), true); // before the shop's own listener
  });
});

declare global {
  interface Window {
    heard: unknown[];
    opened: Window;
  }
}

/** All that the platform's script obeys, to a shop's harm. */
const orders = (guid: unknown, url: unknown = hostile.address) =>
  ['payment.success', 'payment.fail', 'redirect', 'exit', 'destroy'].map((event) =>
    JSON.stringify({ message: `epframe.${event}`, data: { url }, guid }),
  );

const redirect = (guid: string, url: unknown) => JSON.stringify({ message: 'epframe.redirect', data: { url }, guid });

const guidOf = async (page: Page) => (await page.locator('iframe.ep-iframe').getAttribute('id'))!.replace('iframe-', '');

/** Messages of one window arrive in order: when the last is heard, all before were obeyed or not. */
async function says(from: Frame | Page, to: 'self' | 'parent' | 'opener', page: Page, texts: unknown[]) {
  const last = 'the end';
  await from.evaluate(({ to, texts }) => texts.forEach((text) => window[to].postMessage(text, '*')), { to, texts: [...texts, last] });
  await expect.poll(() => page.evaluate((last) => window.heard.includes(last), last)).toBe(true);
}

/** Addresses the tab itself was led to from now on. */
function followed(page: Page): string[] {
  const led: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) led.push(new URL(request.url()).pathname);
  });
  return led;
}

/** Nothing of it counts: the frame is as it was, and the payment in it can be paid. */
async function expectNothingChanged(page: Page, frame: Frame, led: string[]) {
  await expect(page.getByRole('status')).toHaveText('The payment page is open.');
  const order = await orderPath(page);
  await frame.getByRole('button', { name: /^Pay/ }).click();
  await frame.getByRole('button', { name: 'Approve' }).click();
  await expect(page).toHaveURL(order);
  await seesItPaid(page);
  expect([...new Set(led)]).toEqual([order]);
}

async function addsFrame(page: Page, address: string): Promise<Frame> {
  const element = await page.evaluateHandle(
    (address) =>
      new Promise<HTMLIFrameElement>((loaded) => {
        const frame = document.createElement('iframe');
        frame.addEventListener('load', () => loaded(frame));
        frame.src = address;
        document.body.append(frame);
      }),
    address,
  );
  return (await element.contentFrame())!;
}

for (const opening of FRAMED) {
  test.describe(`While the Payment Page is open (${opening})`, () => {
    test('no frame of another origin gets into the page', async ({ page, allowErrors }) => {
      allowErrors(/frame-src/); // the browser says why
      const frame = await opensFrame(page, opening);
      const led = followed(page);
      const stranger = await addsFrame(page, hostile.address);
      expect(stranger.url()).toBe('chrome-error://chromewebdata/');
      await expectNothingChanged(page, frame, led);
    });

    test.describe('and the page’s policy did not count', () => {
      test.use({ bypassCSP: true });

      test('a frame of another origin that knows the guid changes nothing', async ({ page }) => {
        const frame = await opensFrame(page, opening);
        const led = followed(page);
        await says(await addsFrame(page, hostile.address), 'parent', page, orders(await guidOf(page)));
        await expectNothingChanged(page, frame, led);
      });

      test('another origin in the very frame changes nothing', async ({ page, allowErrors }) => {
        allowErrors(/postMessage/); // the browser keeps the script's greeting from another origin
        const frame = await opensFrame(page, opening);
        const [led, guid, own] = [followed(page), await guidOf(page), await frame.content()];
        await frame.goto(hostile.address);
        await says(frame, 'parent', page, orders(guid));
        await expect(page.getByRole('status')).toHaveText('The payment page is open.');
        expect(led).toEqual([]);
        expect(own).toContain(await orderPath(page));
      });
    });

    test('another window of the Payment Page’s origin changes nothing', async ({ page, stand }) => {
      const frame = await opensFrame(page, opening);
      const led = followed(page);
      await says(await addsFrame(page, `${stand.sandbox}/payment`), 'parent', page, orders(await guidOf(page)));
      await expectNothingChanged(page, frame, led);
    });

    test('a window of another origin that the shop has opened changes nothing', async ({ page }) => {
      const frame = await opensFrame(page, opening);
      const led = followed(page);
      const popup = page.waitForEvent('popup');
      await page.evaluate((address) => void window.open(address), hostile.address);
      await says(await popup, 'opener', page, orders(await guidOf(page)));
      await expectNothingChanged(page, frame, led);
    });

    test('a window of another origin that has opened the shop loses sight of it', async ({ page, context }) => {
      await entersReadyCheckout(page, opening);
      const stranger = await context.newPage();
      await stranger.goto(hostile.address);
      const popup = stranger.waitForEvent('popup');
      await stranger.evaluate((address) => void (window.opened = window.open(address)!), page.url());
      const shop = await popup;
      await expect.poll(() => stranger.evaluate(() => window.opened.closed)).toBe(true);
      await expect(shop.locator('script[src$="/shared/merchant.js"]')).toBeAttached();
      expect(await shop.evaluate(() => window.opener)).toBeNull();
    });

    test('the shop’s own window changes nothing', async ({ page }) => {
      const frame = await opensFrame(page, opening);
      const led = followed(page);
      await says(page, 'self', page, orders(await guidOf(page)));
      await expectNothingChanged(page, frame, led);
    });

    test('the frame changes nothing by another guid or by nonsense', async ({ page }) => {
      const frame = await opensFrame(page, opening);
      const [led, guid] = [followed(page), await guidOf(page)];
      const message = 'epframe.exit';
      const foreign = ['', 'another', `${guid} `, guid.slice(1), guid.toUpperCase() + 'A', null, 7, [guid], undefined];
      const shapes = [null, 7, true, '', '{', 'null', '[]', '"epframe.exit"', { message, guid }, [message, guid]];
      const misnamed = ['exit', 'epframe', 'epframe.', 'epframe.__proto__', 'epframe.constructor', [message], null, 'EPFRAME.EXIT'];
      const named = misnamed.map((message) => JSON.stringify({ message, guid }));
      const elsewhere = JSON.stringify({ message, guid: 'another', from_another_domain: true });
      await says(frame, 'parent', page, [...foreign.flatMap((guid) => orders(guid)), ...shapes, ...named, elsewhere]);
      await expectNothingChanged(page, frame, led);
    });

    test('the frame leads the page to no address that is none of the web', async ({ page }) => {
      const frame = await opensFrame(page, opening);
      const [led, guid] = [followed(page), await guidOf(page)];
      const code = 'document.body.remove()';
      const scripts = [`javascript:${code}`, ` JavaScript:${code}`, `java\nscript:${code}`, `vbscript:${code}`];
      const others = [`data:text/html,<script>${code}</script>`, `blob:${page.url()}`, 'file:///', '//', '', '/cart', null, 7, ['/cart']];
      await says(frame, 'parent', page, [...scripts, ...others].map((url) => redirect(guid, url)));
      await expectNothingChanged(page, frame, led);
    });

    for (const where of ['another host', 'a host that looks like the shop']) {
      test(`where the frame leads to ${where}, the same payment goes on in the tab`, async ({ page, context }) => {
        const made = await madePayments(context);
        const frame = await opensFrame(page, opening);
        const led = followed(page);
        const { host } = new URL(hostile.address);
        const address = where === 'another host' ? hostile.address : `${new URL(page.url()).origin}@${host}/`;
        await frame.evaluate((text) => window.parent.postMessage(text, '*'), redirect(await guidOf(page), address));
        await paysTheOnePaymentInTheTab(page, made);
        expect(led[0]).toBe('/payment');
        expect(led).not.toContain('/');
      });
    }

    test('a success that was never paid is called checking, and leads to an order that waits', async ({ page, context }) => {
      const frame = await opensFrame(page, opening);
      const [led, guid, order] = [followed(page), await guidOf(page), await orderPath(page)];
      const [success, , , exit] = orders(guid);
      await says(frame, 'parent', page, [success]);
      await expect(page.getByRole('status')).toHaveText('Checking your payment with the payment platform…');
      expect(led).toEqual([]);
      const elsewhere = await context.newPage();
      await elsewhere.goto(order);
      await seesStatus(elsewhere, 'none');
      await elsewhere.close();
      await frame.evaluate((text) => window.parent.postMessage(text, '*'), exit);
      await expect(page).toHaveURL(order);
      await seesStatus(page, 'none');
      await seesItNotPaid(page);
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Checking');
    });

    test('a true success is called checking too, until the shop has heard of it', async ({ page, platform }) => {
      await platform.misbehaves({ drop: 1 });
      const frame = await opensFrame(page, opening);
      const order = await orderPath(page);
      const id = await frame.locator('input[name="payment_id"]').inputValue();
      await frame.getByRole('button', { name: /^Pay/ }).click();
      await page.clock.install();
      await page.clock.pauseAt(Date.now() + 60_000); // the result's own way back waits
      await frame.getByRole('button', { name: 'Approve' }).click();
      await expect(page.getByRole('status')).toHaveText('Checking your payment with the payment platform…');
      await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
      await page.clock.resume();
      await expect(page).toHaveURL(order);
      await seesItNotPaid(page);
      await platform.sendsCallbacksAgain(id);
      await seesItPaid(page);
    });
  });
}
