import { type Page } from '@playwright/test';
import { brotliCompressSync, constants } from 'node:zlib';
import { expect, test } from '../fixtures';
import { PREVIOUS_SECRET, PROJECT_SECRET } from '../platform';
import { checksOut, fillsIn, goesToCheckout, orderAddress, paysThere, pressesPay, seesItPaid } from '../customer';

const kB = 1000;

/** JavaScript and WASM a page asks for, inline scripts included, as small as brotli makes each. */
async function scriptBytes(page: Page, address: string): Promise<number> {
  const parts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (/javascript|wasm/.test(response.headers()['content-type'] ?? '')) parts.push(response.body());
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  const inline = await page.locator('script:not([src])').allTextContents();
  const whole = [...(await Promise.all(parts)), ...inline.map((text) => Buffer.from(text))];
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  return whole.reduce((sum, part) => sum + brotliCompressSync(part, options).length, 0);
}

test('the catalogue is at most 40 kB of HTML', async ({ request }) => {
  for (const lang of ['en', 'ko']) {
    const answer = await request.get(`/?lang=${lang}`);
    expect((await answer.body()).length).toBeLessThanOrEqual(40 * kB);
  }
});

test('pages that act cost at most 70 kB of scripts', async ({ page, context }) => {
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const order = orderAddress(await checksOut(page, { method: 'Payco' }));
  for (const address of ['/cart', '/checkout', '/checkout?opening=iframe', order]) {
    const bytes = await scriptBytes(await context.newPage(), address);
    test.info().annotations.push({ type: `scripts of ${address.replace(/orders.*/, 'orders')}`, description: `${bytes} bytes` });
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(70 * kB);
  }
});

test('pages that only show have no script at all', async ({ page }) => {
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script' || /\.(js|wasm)$/.test(request.url())) scripts.push(request.url());
  });
  for (const address of ['/', '/?category=tea', '/products/jeju-green-tea', '/terms', '/no-such-page']) {
    await page.goto(address, { waitUntil: 'networkidle' });
    await expect(page.locator('script, leptos-island')).toHaveCount(0);
  }
  expect(scripts).toEqual([]);
});

for (const address of ['/', '/products/jeju-green-tea']) {
  test(`nothing jumps while ${address} loads slowly`, async ({ page }) => {
    await page.addInitScript(() => {
      const shifts: number[] = ((window as any).shifts = []);
      const note = (list: PerformanceObserverEntryList) => shifts.push(...list.getEntries().map((entry: any) => entry.value));
      new PerformanceObserver(note).observe({ type: 'layout-shift', buffered: true });
    });
    const browser = await page.context().newCDPSession(page);
    await browser.send('Network.enable');
    await browser.send('Network.setCacheDisabled', { cacheDisabled: true });
    const slow = { offline: false, latency: 60, downloadThroughput: 100 * kB, uploadThroughput: 100 * kB };
    await browser.send('Network.emulateNetworkConditions', slow);
    await page.goto(address, { waitUntil: 'networkidle' });
    await page.evaluate(() => document.fonts.ready);
    expect(await page.evaluate(() => (window as any).shifts)).toEqual([]);
  });
}

test('I can pay before the WASM has come, and a mistake is still told', async ({ page }) => {
  await page.route('**/*.wasm', () => {}); // never answered
  await goesToCheckout(page, 'PH', 'jeju-green-tea');
  await fillsIn(page, { method: 'PayMaya' });
  await pressesPay(page);
  await expect(page.getByRole('alert')).toContainText('Email');
  await checksOut(page, { email: 'maria@example.com' });
  await paysThere(page);
  await seesItPaid(page);
});

test('no key is in anything a browser gets', async ({ page, stand }) => {
  const bodies: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith(stand.shop) && response.status() === 200) bodies.push(response.body().catch(() => Buffer.alloc(0)));
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  await page.reload({ waitUntil: 'networkidle' });
  await checksOut(page, { method: 'Payco' });
  await paysThere(page);
  await seesItPaid(page);
  const all = Buffer.concat(await Promise.all(bodies));
  for (const sought of ['Three Harbours', '\0asm']) expect(all.includes(sought)).toBe(true);
  for (const secret of [PROJECT_SECRET, PREVIOUS_SECRET]) expect(all.includes(secret)).toBe(false);
});
