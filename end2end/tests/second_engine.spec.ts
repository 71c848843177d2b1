/**
 * The shop in a second browser engine: Debian's firefox-esr, which keeps a framed site's cookies apart for each site around it.
 *
 * Puppeteer drives it, over WebDriver BiDi. Playwright cannot yet: it wants a Firefox of its own, or commands this one lacks.
 */
import puppeteer, { type Browser, type Frame, type Page } from 'puppeteer-core';
import { expect, test as base, type Stand } from '../fixtures';
import { operatorOf } from '../office';
import { orders, pays } from '../program';

/** Where the Payment Page is, and then the wallet: the tab, or a frame in it. */
type Place = Page | Frame;

const test = base.extend<{ tab: Page }, { firefox: Browser }>({
  firefox: [
    async ({}, use) => {
      const firefox = await puppeteer.launch({
        browser: 'firefox',
        executablePath: process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr',
        defaultViewport: { width: 1280, height: 800 },
        extraPrefsFirefox: { 'intl.accept_languages': 'en-US' },
      });
      await use(firefox);
      await firefox.close();
    },
    { scope: 'worker', timeout: 30_000 },
  ],

  // A customer without a past, whose browser fails the test on any error.
  tab: async ({ firefox, stand }, use, testInfo) => {
    const said = stand.log.length;
    const customer = await firefox.createBrowserContext();
    const tab = await customer.newPage();
    tab.setDefaultTimeout(10_000);
    const errors = await listen(tab);
    await use(tab);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('shop and sandbox', { body: stand.log.slice(said).join('\n'), contentType: 'text/plain' });
      await testInfo.attach(`at ${tab.url()}`, { body: Buffer.from(await tab.screenshot()), contentType: 'image/png' });
    }
    await customer.close();
    expect(errors, 'errors in Firefox').toEqual([]);
  },
});

test.describe.configure({ mode: 'default' }); // in one worker: one Firefox is enough

test('in Firefox, I pay in the tab and see it paid', async ({ tab, stand }) => {
  await entersDetails(tab, stand, 'redirect');
  const shown = pagesShown(tab);
  await presses(tab, 'Pay');
  await arrivesAt(tab, `${stand.sandbox}/payment`);
  await paysThere(tab, stand);
  await seesItPaid(tab, stand);
  expect(shown[0]).toContain(`${stand.sandbox}/payment`);
});

test('in Firefox, I pay inside the checkout and see it paid', async ({ tab, stand }) => {
  await entersDetails(tab, stand, 'iframe');
  await tab.waitForSelector('script[src$="/shared/merchant.js"]'); // before that, Pay leads away
  const shown = pagesShown(tab);
  await presses(tab, 'Pay');
  const frame = await (await tab.waitForSelector('iframe.ep-iframe'))!.contentFrame();
  await arrivesAt(frame, `${stand.sandbox}/payment`);
  await paysThere(frame, stand);
  await seesItPaid(tab, stand);
  expect(shown, 'pages in the tab after the checkout').toEqual([tab.url()]);
});

test('in Firefox, an operator gives money back and follows it to its end', async ({ tab, stand, request }) => {
  const payment = await orders(request);
  await pays(request, stand, payment);
  const account = operatorOf(stand, 'finance');
  await tab.goto(`${stand.shop}/admin/orders/${payment.id.replace(/-\d+$/, '')}`);
  await fills(tab, { email: account.email, password: account.password });
  await presses(tab, 'Sign in');
  await tab.locator('h1::-p-text(Order)').wait();
  await fills(tab, { reason: 'came broken', password: account.password });
  await presses(tab, 'Refund');
  await tab.locator('tr[data-progress="done"]').wait();
  await tab.locator('h2::-p-text(Refunded)').wait();
});

/** From the catalogue to a checkout that opens the Payment Page like this, all filled in. */
async function entersDetails(tab: Page, { shop }: Stand, opening: 'redirect' | 'iframe') {
  await tab.goto(`${shop}/?market=KR`);
  await tab.goto(`${shop}/products/jeju-green-tea`);
  await presses(tab, 'Add to cart');
  await arrivesAt(tab, `${shop}/cart`);
  await isReady(tab);
  await tab.goto(`${shop}/checkout?opening=${opening}`);
  await isReady(tab);
  await tab.locator('label::-p-text(Payco)').click();
}

/** The page's own scripts run. Left earlier, it complains of the loads that Firefox then ends: an error, if one that nobody sees. */
async function isReady(tab: Page) {
  await tab.waitForSelector('html[data-runs]');
}

/** From the Payment Page through the wallet. */
async function paysThere(place: Place, { sandbox }: Stand) {
  await presses(place, 'Pay');
  await arrivesAt(place, `${sandbox}/provider/`);
  await presses(place, 'Approve');
}

async function seesItPaid(tab: Page, { shop }: Stand) {
  await arrivesAt(tab, `${shop}/orders/`);
  await tab.locator('[data-payment-status="success"]').wait();
  await tab.locator('h1::-p-text(Paid)').wait();
}

async function presses(place: Place, name: string) {
  await place.locator(`button::-p-text(${name})`).click();
}

async function fills(place: Place, typed: Record<string, string>) {
  for (const [name, text] of Object.entries(typed)) await place.locator(`input[name="${name}"]`).fill(text);
}

async function arrivesAt(place: Place, address: string) {
  await expect.poll(() => place.url()).toContain(address);
}

/** The addresses of all documents the tab shows from now on. */
function pagesShown(tab: Page): string[] {
  const shown: string[] = [];
  tab.on('framenavigated', (frame) => frame === tab.mainFrame() && shown.push(frame.url()));
  return shown;
}

/** What goes wrong in the tab or a frame of it. Firefox calls what a page's policy forbids an error, but not a failed request. */
async function listen(tab: Page): Promise<string[]> {
  const errors: string[] = [];
  tab.on('console', (message) => message.type() === 'error' && errors.push(`${message.text()} (${message.location().url})`));
  tab.on('pageerror', (error) => errors.push(`${error} (${tab.url()})`));
  tab.on('response', (response) => response.status() >= 400 && errors.push(`${response.status()} (${response.url()})`));
  // For isReady().
  await tab.evaluateOnNewDocument(() => {
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (source, imports) => {
      const made = await instantiate(source, imports);
      document.documentElement.dataset.runs = 'true';
      return made;
    };
  });
  return errors;
}
