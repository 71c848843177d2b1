/** What a shop's page lets its Payment Page frame do, and nobody else. */
import { type Frame, type Page } from '@playwright/test';
import { type Payment, called, expect, inside, opensPayment, test } from './embedding_script_shop';

const EVENTS = ['loaded', 'resize', 'payment.sent', 'payment.success', 'payment.fail', 'exit', 'destroy', 'redirect'];

/** Opens another page in the payment's frame. */
async function leads(page: Page, address: string): Promise<Frame> {
  await page.locator('.ep-iframe').evaluate(
    (element: HTMLIFrameElement, address) =>
      new Promise((loaded) => {
        element.addEventListener('load', loaded, { once: true });
        element.src = address;
      }).then(() => undefined),
    address,
  );
  return inside(page);
}

const posts = (frame: Frame, texts: unknown[]) =>
  frame.evaluate((texts) => texts.forEach((text) => window.parent.postMessage(text, '*')), texts);

const everyEvent = (guid: unknown) =>
  EVENTS.map((event) => JSON.stringify({ message: `epframe.${event}`, data: { url: 'https://hostile.example/', height: 1 }, guid }));

/** Messages arrive in order: once the frame's honest last one is there, all before it were dropped or obeyed. */
async function expectNothingCalled(page: Page, { shop, frame, guid }: Payment) {
  await posts(frame, [JSON.stringify({ message: 'epframe.last', guid })]);
  await expect.poll(() => called(page)).toBe('onLast');
  expect(Number(await page.locator('.ep-iframe').getAttribute('height'))).toBeGreaterThan(100);
  expect(page.url()).toBe(shop);
}

test('a hostile frame that knows the guid changes nothing', async ({ page, site }) => {
  const payment = await opensPayment(page, site.shop);
  const { frame, guid } = payment;
  await posts(page.frame('hostile')!, [...everyEvent(guid), ...everyEvent('another')]);
  await expectNothingCalled(page, payment);
});

test('another window of the right origin changes nothing', async ({ page, stand, site, allowErrors }) => {
  allowErrors(/400 \(Bad Request\)/); // a Payment Page without parameters
  const payment = await opensPayment(page, site.shop);
  const { frame, guid } = payment;
  const other = page.frame('hostile')!;
  await other.goto(`${stand.sandbox}/payment`);
  await posts(other, everyEvent(guid));
  await expectNothingCalled(page, payment);
});

test('the right window of another origin changes nothing', async ({ page, site, allowErrors }) => {
  allowErrors(/postMessage/); // the browser keeps the parent's link from a window that is no longer the Payment Page's
  const payment = await opensPayment(page, site.shop);
  const address = payment.frame.url();
  await posts(await leads(page, site.hostile), everyEvent(payment.guid));
  const frame = await leads(page, address);
  await expectNothingCalled(page, { ...payment, frame });
});

test('messages with a wrong guid or of another shape change nothing', async ({ page, site }) => {
  const payment = await opensPayment(page, site.shop);
  const { frame, guid } = payment;
  const shapes = [null, 7, '', '{', 'null', '[]', '7', { message: 'epframe.exit', guid }];
  const named = ['exit', 'epframe', 'epframe.', 'epframe.__proto__', ['epframe.exit'], 'epframe.exit ', 'EPFRAME.EXIT'];
  const misnamed = named.map((message) => JSON.stringify({ message, guid }));
  const withText = JSON.stringify({ message: 'epframe.exit', data: 'text', guid });
  await posts(frame, [...everyEvent('another'), ...everyEvent([guid]), ...everyEvent(undefined), ...shapes, ...misnamed, withText]);
  await expectNothingCalled(page, payment);
});

test('a redirect goes to web addresses only', async ({ page, site }) => {
  const payment = await opensPayment(page, site.shop);
  const { frame, guid } = payment;
  const redirect = (url: unknown) => JSON.stringify({ message: 'epframe.redirect', data: { url }, guid });
  const scripts = ['javascript:document.body.remove()', ' JavaScript:alert(1)', 'java\nscript:alert(1)', 'vbscript:alert(1)'];
  const others = ['data:text/html,x', 'blob:x', 'file:///', '/relative', '', null];
  await posts(frame, [...scripts, ...others].map(redirect));
  await expectNothingCalled(page, payment);
  await posts(frame, [redirect(`${site.hostile}here`)]);
  await expect(page).toHaveURL(`${site.hostile}here`);
});
