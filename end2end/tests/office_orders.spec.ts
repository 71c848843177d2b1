/** The registry of orders: filters in the address, pages, sums, files; with and without scripts. */
import { expect, expectAccessible, test } from '../fixtures';
import { makesUpOrders, operatorOf, sideways, signsIn } from '../office';

// A shop of its own, full of orders.
test.use({ settings: { SHOP_TIME_ZONE: 'Asia/Seoul' } });

// A worker may come back to this file: its shop is filled already then.
const filled = new Set<string>();

test.beforeAll(({ stand }) => {
  if (filled.has(stand.shop)) return;
  filled.add(stand.shop);
  makesUpOrders(stand, 240);
});

test.beforeEach(async ({ page, stand }) => signsIn(page, operatorOf(stand, 'viewer')));

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('I find orders by a filter that stands in the address, page by page, there and back', async ({ page }) => {
      await page.goto('/admin/orders');
      await expect(rows(page)).toHaveCount(50);
      await choose(page, 'State', 'Paid');
      await choose(page, 'Sorted', 'Oldest first');
      await page.getByRole('button', { name: 'Show orders' }).click();
      await expect(page).toHaveURL(/[?&]state=paid/);
      await expect(page).toHaveURL(/[?&]sort=oldest/);
      await expect(page.getByRole('combobox', { name: 'State' })).toHaveValue('paid');
      await expect(rows(page).getByText('Paid')).toHaveCount(50);

      const first = await numbers(page);
      await page.getByRole('link', { name: 'Next' }).click();
      await expect(page).toHaveURL(/^[^?]*\?state=paid&sort=oldest&after=\d+-\d+$/);
      const second = await numbers(page);
      expect(second.filter((number) => first.includes(number))).toEqual([]);
      await page.getByRole('link', { name: 'Previous' }).click();
      expect(await numbers(page)).toEqual(first);
      await expect(page.getByRole('link', { name: 'Previous' })).toBeHidden();
    });

    test('sums are of all orders of the filter, and never of two currencies', async ({ page }) => {
      await page.goto('/admin/orders?state=refunded');
      const sums = page.getByRole('table', { name: 'All orders of this filter' }).locator('tbody tr');
      await expect(sums).toHaveCount(3);
      const counts = await sums.locator('td:nth-child(2)').allInnerTexts();
      expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(await rows(page).count());
      await expect(sums.locator('td:last-child')).toHaveText(['€0.00', '₩0', '₱0.00']);
    });

    test('what cannot be read is told beside its field', async ({ page }) => {
      const answer = await page.goto('/admin/orders?from=2026-02-30&state=payed&min=5');
      expect(answer?.status()).toBe(422);
      await expect(page.getByLabel('From')).toHaveAccessibleDescription(/"2026-02-30" is no day/);
      await expect(page.getByRole('combobox', { name: 'State' })).toHaveAccessibleDescription(/"payed" is not among these/);
      await expect(page.getByLabel('At least')).toHaveAccessibleDescription(/Choose a currency/);
      await expect(page.getByLabel('At least')).toHaveValue('5');
      await expect(page.getByRole('table')).toHaveCount(0);
    });

    test('the orders of a filter are downloaded as they stand there', async ({ page }) => {
      await page.goto('/admin/orders?market=BE&state=declined');
      const shown = await numbers(page);
      for (const [name, file] of [['CSV', 'orders.csv'], ['Excel', 'orders.xlsx'], ['JSON', 'orders.json']]) {
        const started = page.waitForEvent('download');
        await page.getByRole('link', { name, exact: true }).click();
        const download = await started;
        expect(download.suggestedFilename()).toBe(file);
        const bytes = await read(await download.createReadStream());
        if (name === 'CSV') {
          const lines = bytes.toString('utf8').trimEnd().split('\r\n').slice(1);
          expect(lines.map((line) => line.split(',')[0])).toEqual(shown);
        } else if (name === 'JSON') {
          expect(JSON.parse(bytes.toString('utf8')).map((row: { number: string }) => row.number)).toEqual(shown);
        } else {
          expect(bytes.subarray(0, 2).toString()).toBe('PK');
        }
      }
    });
  });
}

test('the registry works for everyone: full, empty, with a filter that cannot be read', async ({ page }) => {
  for (const address of ['', '?state=paid&currency=KRW&sort=largest', '?q=nobody.at.all', '?currency=EURO&min=x&sort=largest&page=2']) {
    await page.goto(`/admin/orders${address}`);
    await expectAccessible(page);
  }
});

test('on a phone each order is a stack of facts, each under its name, and still a row of a table', async ({ page }) => {
  test.slow(); // half a thousand cells are looked at one by one
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/admin/orders');
    await expect(rows(page)).toHaveCount(50);
    expect(await sideways(page), `at ${width} px`).toEqual([]);
    const cells = rows(page).first().locator('th, td');
    await expect(cells).toHaveCount(9);
    const heads = await page.getByRole('table', { name: 'Orders', exact: true }).getByRole('columnheader').allInnerTexts();
    const names = await cells.evaluateAll((all) => all.map((cell) => [cell.getAttribute('data-label'), getComputedStyle(cell, '::before').content]));
    expect(names).toEqual(heads.map((head) => [head, expect.stringContaining(head)]));
  }
  await expectAccessible(page);
});

test('where there is room for all columns, none is cut', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto('/admin/orders');
  await expect(rows(page)).toHaveCount(50);
  expect(await sideways(page)).toEqual([]);
});

test('where a table is wider than its region, it scrolls with the keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 920, height: 800 });
  await page.goto('/admin/orders');
  const region = page.getByRole('region', { name: 'Orders', exact: true });
  await region.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => region.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
  await expectAccessible(page);
});

test('the largest orders of a market need no currency, for it has one', async ({ page }) => {
  expect((await page.goto('/admin/orders?market=BE&sort=largest'))!.status()).toBe(200);
  await expect(page.getByRole('combobox', { name: 'Currency' })).toHaveValue('EUR');
  expect((await page.goto('/admin/orders?sort=largest'))!.status()).toBe(422);
  await expect(page.getByRole('combobox', { name: 'Sorted' }).getByRole('option', { name: /largest/i })).toHaveCount(1);
});

type Page = import('@playwright/test').Page;

const rows = (page: Page) => page.getByRole('table', { name: 'Orders', exact: true }).locator('tbody tr');

const numbers = (page: Page) => rows(page).getByRole('rowheader').allInnerTexts();

const choose = (page: Page, field: string, option: string) => page.getByRole('combobox', { name: field }).selectOption(option);

async function read(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
