/** Reports: figures that lead to their rows, charts with tables behind them, and files. */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import type { Download, Page } from '@playwright/test';
import { expect, expectAccessible, test } from '../fixtures';
import { operatorOf, signsIn } from '../office';
import { answers, confirms, orders, pays, statusOf } from '../program';

const today = () => new Date().toISOString().slice(0, 10);

/** One paid, one declined; and an operator who looks at the report of today. */
async function looksAtToday(page: Page, request: Parameters<typeof orders>[0], stand: Parameters<typeof pays>[1]) {
  const paid = await orders(request);
  await pays(request, stand, paid);
  // What is paid leaves the cart; until then the next checkout would be told that its cart has changed.
  await expect.poll(() => statusOf(request, paid.order)).toBe('success');
  await answers(request, await confirms(request, stand, await orders(request)), 'decline');
  await signsIn(page, operatorOf(stand, 'viewer'));
  // Other tests may have ordered in other currencies, and paid nothing.
  const inWon = page.locator('a[data-currency="KRW"]');
  const turnover = page.locator('.figures > div').filter({ hasText: 'Turnover' }).filter({ has: inWon }).first();
  await expect(async () => {
    await page.goto('/admin/reports');
    await expect(turnover.getByRole('link')).not.toHaveAttribute('data-minor', '0', { timeout: 500 });
    await expect(page.getByRole('heading', { name: 'Why attempts were declined' }).first()).toBeVisible({ timeout: 500 });
  }).toPass();
  return turnover.getByRole('link');
}

async function leadsToItsRows(page: Page, figure: ReturnType<Page['locator']>) {
  const minor = Number(await figure.getAttribute('data-minor'));
  await figure.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sales');
  const rows: number[] = [];
  for (let next: string | null = page.url(); next; ) {
    if (next !== page.url()) await page.goto(next);
    rows.push(...(await page.locator('[data-row]').evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-row'))))));
    // Other tests may have sold more than one page holds.
    const further = page.locator('a[rel="next"]');
    next = (await further.count()) > 0 ? new URL((await further.getAttribute('href'))!, page.url()).href : null;
  }
  expect(rows.reduce((sum, row) => sum + row, 0)).toBe(minor);
  expect(minor).toBeGreaterThan(0);
}

test('@phone figures lead to their rows, charts have names and tables, and everyone can read them', async ({ page, request, stand }) => {
  const turnover = await looksAtToday(page, request, stand);
  await expectAccessible(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, 'the page is as wide as the screen').toBeLessThanOrEqual(0);
  const chart = page.getByRole('img', { name: /Turnover and refunds by day/ }).first();
  await expect(chart).toBeVisible();
  await expect(page.getByRole('img', { name: /Declined attempts by reason/ }).first()).toBeVisible();
  for (const summary of await page.locator('section.currency summary').all()) await summary.click();
  await expect(page.getByRole('region', { name: /Figures by day/ }).first().getByRole('row', { name: today() })).toBeVisible();
  await expectAccessible(page);
  await leadsToItsRows(page, turnover);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'The report' }).click();
  await expect(page).toHaveURL(/admin\/reports\?from=/);

  // By keyboard alone: from the form's last choice to its button.
  await page.getByRole('combobox', { name: 'Currency' }).selectOption('EUR');
  await page.getByRole('combobox', { name: 'Market' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/currency=EUR/);
});

test('what cannot be read is said at its field, and stays there', async ({ page, stand }) => {
  await signsIn(page, operatorOf(stand, 'viewer'));
  const answer = await page.goto('/admin/reports?from=2026-11-02&to=2026-11-01&method=card');
  expect(answer!.status()).toBe(422);
  await expect(page.getByLabel('To', { exact: true })).toHaveAccessibleDescription('The last day is before the first');
  await expect(page.getByLabel('Method', { exact: true })).toHaveValue('card');
  await expectAccessible(page);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('days are chosen by links and by the form, and figures lead to their rows', async ({ page, request, stand }) => {
    const turnover = await looksAtToday(page, request, stand);
    await page.getByRole('link', { name: 'Today' }).click();
    await expect(page).toHaveURL(`/admin/reports?from=${today()}&to=${today()}`);
    await page.getByLabel('From', { exact: true }).fill('2026-01-01');
    await page.getByLabel('To', { exact: true }).fill('2026-01-31');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page).toHaveURL(/from=2026-01-01&to=2026-01-31/);
    await page.getByRole('link', { name: 'Today' }).click();
    await leadsToItsRows(page, turnover);
  });
});

test('files say what the page says', async ({ page, request, stand }) => {
  const turnover = await looksAtToday(page, request, stand);
  const [minor, currency] = [await turnover.getAttribute('data-minor'), await turnover.getAttribute('data-currency')];
  const downloads = async (line: string, ending: string): Promise<Buffer> => {
    const download = page.waitForEvent('download');
    await page.locator('.exports').filter({ hasText: line }).getByRole('link', { name: ending }).click();
    return content(await download, ending.toLowerCase());
  };
  const json = JSON.parse((await downloads('Figures by day', 'JSON')).toString());
  const sum = json.filter((row: any) => row.currency === currency).reduce((sum: number, row: any) => sum + row.sales_minor, 0);
  expect(String(sum)).toBe(minor);
  const csv = (await downloads('Figures by day', 'CSV')).toString().trim().split('\r\n');
  expect(csv).toHaveLength(json.length + 1);
  const movements = JSON.parse((await downloads('Movements of money', 'JSON')).toString());
  expect(movements.filter((row: any) => row.currency === currency && row.kind === 'sale').reduce((sum: number, row: any) => sum + row.amount_minor, 0)).toBe(sum);
  // The spreadsheet: each row of the file, and the integers of its column.
  const sheet = unpacked(await downloads('Figures by day', 'XLSX'), 'xl/worksheets/sheet1.xml');
  expect(sheet.match(/<row /g)).toHaveLength(json.length + 1);
  const cells = [...sheet.matchAll(/<c r="I(\d+)"[^>]*><v>(\d+)<\/v>/g)].map((cell) => Number(cell[2]));
  expect(cells.reduce((sum, cell) => sum + cell, 0)).toBe(json.reduce((sum: number, row: any) => sum + row.sales_minor, 0));
});

async function content(download: Download, ending: string): Promise<Buffer> {
  expect(download.suggestedFilename()).toMatch(new RegExp(`^[a-z]+-[-0-9]+\\.${ending}$`));
  return readFileSync(await download.path());
}

/** A file inside a ZIP file, found by the directory at its end. */
function unpacked(zip: Buffer, name: string): string {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [packed, nameLength, extra, comment] = [zip.readUInt32LE(entry + 20), 28, 30, 32].map((at, place) => (place ? zip.readUInt16LE(entry + at) : at));
    if (zip.toString('utf8', entry + 46, entry + 46 + nameLength) === name) {
      const local = zip.readUInt32LE(entry + 42);
      const begins = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      return inflateRawSync(zip.subarray(begins, begins + packed)).toString();
    }
    entry += 46 + nameLength + extra + comment;
  }
  throw new Error(`no ${name}`);
}
