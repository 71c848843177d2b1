/** A shop on another site than the Payment Page, whose page embeds it beside a hostile frame. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Frame, type Page } from '@playwright/test';
import { test as base, expect, type Stand } from '../fixtures';

export { expect };

export interface Site {
  shop: string;
  /** Where the hostile frame is from. */
  hostile: string;
}

export interface Payment {
  shop: string;
  frame: Frame;
  guid: string;
}

declare global {
  interface Window {
    called: string[];
    config: Record<string, string>;
    run(method: string, config?: object): void;
  }
}

/** `onLast` is no handler of the platform's: the tests end their messages with it. */
const HANDLERS = [
  ...['onLoaded', 'onResize', 'onPaymentSent', 'onPaymentSuccess', 'onPaymentFail'],
  ...['onExit', 'onDestroy', 'onRedirect', 'onFailLoading', 'onLast'],
];

/** Real servers: the browser lets no page that was made up reach this machine. */
export const test = base.extend<{ site: Site }>({
  site: async ({ page, stand }, use) => {
    const hostile = await serves('<!DOCTYPE html><title>Hostile</title><link rel="icon" href="data:,">');
    const shop = await serves(shopPage(stand, hostile.address, await signedConfig(page, stand)));
    await use({ shop: shop.address, hostile: hostile.address });
    shop.close();
    hostile.close();
  },
});

/** The Payment Page's frame, once its page has spoken; what was called so far is forgotten. */
export async function opensPayment(page: Page, shop: string, method = 'get'): Promise<Payment> {
  await page.goto(shop);
  await page.evaluate((method) => window.run(method), method);
  await expect.poll(() => page.evaluate(() => ['onLoaded', 'onResize'].every((name) => window.called.includes(name)))).toBe(true);
  const guid = (await page.locator('.ep-iframe').getAttribute('id'))!.replace('iframe-', '');
  await page.evaluate(() => window.called.splice(0));
  return { shop, frame: await inside(page), guid };
}

export async function inside(page: Page): Promise<Frame> {
  const element = await page.locator('.ep-iframe').elementHandle();
  return (await element!.contentFrame())!;
}

/** Sizes change by themselves. */
export const called = (page: Page) => page.evaluate(() => window.called.filter((name) => name !== 'onResize').join());

/** The parameters of one of the example's buttons. */
async function signedConfig(page: Page, { sandbox }: Stand): Promise<string> {
  await page.goto(`${sandbox}/example`);
  return (await page.getByRole('button', { name: 'Open in this page' }).getAttribute('data-config'))!;
}

function shopPage({ sandbox }: Stand, hostile: string, config: string): string {
  return `<!DOCTYPE html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">
    <div id="payment"></div>
    <iframe name="hostile" src="${hostile}"></iframe>
    <script src="${sandbox}/shared/merchant.js"></script>
    <script>
      window.called = [];
      const handlers = {};
      for (const name of ${JSON.stringify(HANDLERS)}) handlers[name] = () => called.push(name);
      window.config = ${config};
      window.run = (method, config = window.config) => EPayWidget.run({ ...config, ...handlers }, method);
    </script></html>`;
}

async function serves(body: string) {
  const server = createServer((_, response) => response.setHeader('Content-Type', 'text/html; charset=utf-8').end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}
