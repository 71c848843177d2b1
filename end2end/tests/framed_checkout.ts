/** The checkout with its Payment Page in or over the page, and the one payment it makes. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type BrowserContext, type Frame, type Page } from '@playwright/test';
import { fillsIn, isAtThePaymentPage, paysThere, pressesPay, putsInCart, seesItPaid } from '../customer';
import { expect } from '../fixtures';
import { said } from '../openings';

export type Opening = 'iframe' | 'popup' | 'redirect';

export const SCRIPT = '**/shared/merchant.js';

/** At the checkout with one thing, scripts or not. A resource that never comes keeps nobody waiting. */
export async function entersCheckout(page: Page, opening: Opening) {
  await page.request.get('/?market=KR');
  await putsInCart(page, 'jeju-green-tea');
  await page.goto(`/checkout?opening=${opening}`, { waitUntil: 'domcontentloaded' });
  await fillsIn(page, { method: 'Payco' });
}

/** The page has asked for the platform's script: from now on Pay opens a frame. */
export async function entersReadyCheckout(page: Page, opening: Opening) {
  await entersCheckout(page, opening);
  await expect(page.locator('script[src$="/shared/merchant.js"]')).toBeAttached();
}

/** The Payment Page's frame, once its page has spoken. */
export async function opensFrame(page: Page, opening: Opening = 'iframe'): Promise<Frame> {
  await entersReadyCheckout(page, opening);
  await pressesPay(page);
  return inside(page);
}

export async function inside(page: Page): Promise<Frame> {
  await expect(said(page)).toHaveText('The payment page is open.');
  const element = await page.locator('iframe.ep-iframe').elementHandle();
  return (await element!.contentFrame())!;
}

/** Path of the order's page, as the checkout links it. */
export async function orderPath(page: Page): Promise<string> {
  return (await page.locator('#payment-order').getAttribute('href'))!;
}

export async function paymentOf(frame: Frame): Promise<string> {
  return frame.locator('input[name="payment_id"]').inputValue();
}

/** The ids of all payments the shop makes for this browser from now on, however it tells of them. */
export async function madePayments(context: BrowserContext): Promise<Set<string>> {
  const made = new Set<string>();
  context.on('response', (response) => {
    const { location } = response.headers();
    if (location && response.request().method() === 'POST') note(made, new URL(location, response.url()).searchParams.get('payment_id'));
  });
  // A page that is told of its payment may leave at once: it gets the answer when it was noted here.
  await context.exposeBinding('noted', (_, answer: string) => note(made, idIn(answer)));
  await context.addInitScript(() => {
    const real = window.fetch;
    window.fetch = async (address, init) => {
      const answer = await real(address, init);
      if (init?.method === 'POST' && answer.ok) await window.noted(await answer.clone().text());
      return answer;
    };
  });
  return made;
}

declare global {
  interface Window {
    noted(answer: string): Promise<void>;
  }
}

function note(made: Set<string>, id: string | null | undefined) {
  if (id) made.add(id);
}

/** An answer that cannot be read tells of no payment. */
export function idIn(answer: string): string | undefined {
  try {
    return JSON.parse(answer).parameters.payment_id;
  } catch {
    return undefined;
  }
}

/** The rule for all that goes wrong: the one payment of the one order goes on in the tab, and can be paid. */
export async function paysTheOnePaymentInTheTab(page: Page, made: Set<string>) {
  const { searchParams } = await expectPaymentPage(page);
  const id = searchParams.get('payment_id')!;
  expect(id).toMatch(/-1$/);
  expect([...made]).toEqual([id]);
  await paysThere(page);
  expect(page.url()).toBe(searchParams.get('merchant_return_url'));
  await seesItPaid(page);
  await expect(page.locator('[data-payment-id]')).toHaveAttribute('data-payment-id', id);
}

/** Its own patience: two steps of 5 s may have to end first. */
async function expectPaymentPage(page: Page) {
  await expect(page).toHaveURL(/\/payment\?/, { timeout: 20_000 });
  await isAtThePaymentPage(page);
  return new URL(page.url());
}

/** A page of another origin. A real server: the browser lets no page that was made up reach this machine. */
export async function serves(body: string) {
  const server = createServer((_, response) => response.setHeader('Content-Type', 'text/html; charset=utf-8').end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Where the tab itself is led from now on. */
export function followed(page: Page): string[] {
  const led: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) led.push(new URL(request.url()).pathname);
  });
  return led;
}

/** Another frame in the page, once it shows something: its page, or the browser's word that it may not. */
export async function addsFrame(page: Page, address: string): Promise<Frame> {
  const element = await page.evaluateHandle(
    (address) =>
      new Promise<HTMLIFrameElement>((shown) => {
        const frame = document.createElement('iframe');
        frame.addEventListener('load', () => shown(frame));
        frame.src = address;
        document.body.append(frame);
      }),
    address,
  );
  return (await element.contentFrame())!;
}

/** What a second tab puts into the cart. */
export const OTHER = 'Ball of flax twine';

export async function changesCart(page: Page) {
  const tab = await page.context().newPage();
  await putsInCart(tab, 'flax-twine');
  await tab.close();
}
