/** Mass refunds and payouts: from a file to its result, past a second person and a shop that is killed midway. */
import type { APIRequestContext, Browser, Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { checksOut, goesToCheckout, paysThere, seesItPaid } from '../customer';
import { expect, expectAccessible, test, type Stand } from '../fixtures';
import { operatorOf, signsIn } from '../office';
import { orders, pays, statusOf } from '../program';

// A shop of its own: it is killed, and its limits are low.
test.use({ settings: { STATUS_AFTER_S: '1', APPROVAL_ABOVE: 'KRW=1000,PHP=1000' } });
test.describe.configure({ mode: 'serial' });

const HEAD = 'general.payment_id,payment.amount,payment.currency,payment.description\n';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });
    // axe is a script itself.
    const isAccessible = async (page: Page) => (javaScriptEnabled ? expectAccessible(page) : undefined);

    test('a file of refunds is uploaded, approved by a second person, and run once though the shop is killed midway', async ({
      page,
      stand,
      browser,
      playwright,
      allowErrors,
    }) => {
      test.slow();
      // A page that listens to a shop that is gone says so.
      allowErrors(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
      const customer = await playwright.request.newContext({ baseURL: stand.shop });
      const payment = await paid(customer, stand);
      const amounts = [301, 302, 303, 304, 305, 306];
      const rows = [...amounts, 307].map((amount) => `${amount === 307 ? 'nobodys' : payment},${amount},KRW,damaged`);

      await signsIn(page, operatorOf(stand, 'finance', `uploader-${javaScriptEnabled}`));
      await page.goto('/admin/batches');
      await isAccessible(page);
      await uploads(page, 'june.csv', HEAD + rows.join('\n'));
      await expect(page.getByRole('heading', { level: 1 })).toContainText('june.csv');
      await expect(page.getByRole('row', { name: /nobodys/ })).toContainText('the shop knows no payment of this id');
      await expect(page.getByRole('row', { name: /KRW 6/ })).toContainText('₩1,821');
      await isAccessible(page);
      await page.getByRole('link', { name: 'refused: 1' }).click();
      await expect(page.locator('tr[data-row]')).toHaveCount(1);
      await page.getByRole('link', { name: 'all: 7' }).click();

      await page.getByRole('button', { name: 'Ask for approval' }).click();
      await expect(page.getByLabel('Password'), 'the browser asks for it').toBeFocused();
      await page.getByLabel('Password').fill('not the password at all');
      await page.getByRole('button', { name: 'Ask for approval' }).click();
      await expect(page.getByText('This password is not right')).toBeVisible();
      await isAccessible(page);
      await confirms(page, 'Ask for approval');
      await expect(state(page)).toHaveAttribute('data-batch-state', 'waiting for approval');
      await expect(page.getByRole('button', { name: 'Approve and start' }), 'nobody approves their own').toHaveCount(0);
      const address = page.url();

      const second = await inAnotherBrowser(browser, stand, javaScriptEnabled, 'finance', `approver-${javaScriptEnabled}`);
      await second.goto(address);
      await isAccessible(second);
      // The platform takes rows on and keeps its answers to itself: all four on their way hang.
      await misbehaves(customer, stand, { gate: 'timeout' });
      await confirms(second, 'Approve and start');
      await expect.poll(() => refundsOf(customer, stand, payment)).toHaveLength(4);
      // The whole list follows the run and may load again at any moment; a part of it stands still.
      // It may just do so: then it is asked for once more.
      await expect(() => second.goto(`${address}?show=refused`)).toPass();
      await expect(second.getByRole('progressbar')).toBeVisible();
      await isAccessible(second);
      await second.goto(address);
      await stand.killsShop();
      await misbehaves(customer, stand, {});
      await stand.startsShop();

      // With scripts the page goes on by itself.
      if (!javaScriptEnabled) await second.goto(address);
      await expect(async () => {
        if (!javaScriptEnabled) await second.reload();
        await expect(state(second)).toHaveAttribute('data-batch-state', 'finished', { timeout: 1_000 });
      }).toPass({ timeout: 40_000 });
      expect((await refundsOf(customer, stand, payment)).sort()).toEqual(amounts.map((amount) => `success ${amount}`));
      await isAccessible(second);
      await second.context().close();

      await page.goto(address);
      const result = await downloads(page, 'Result as CSV');
      const lines = result.trim().split('\r\n');
      expect(lines[0]).toBe(`${HEAD.trim()},result.status,result.code,result.message,result.operation_id,result.name`);
      expect(lines.slice(1).map((line) => line.split(',')[4])).toEqual([...amounts.map(() => 'done'), 'refused']);

      // The same rows again, written otherwise.
      await page.goto('/admin/batches');
      await uploads(page, 'again.csv', '\uFEFF' + (HEAD + rows.join('\n')).replaceAll(',', ';').replaceAll('\n', '\r\n'));
      await expect(page.getByLabel('File', { exact: true })).toHaveAccessibleDescription(/This file was uploaded before, as batch \d+/);
      await isAccessible(page);
      await customer.dispose();
    });

    test('a file of payouts below the limit is started alone, and its failed rows are tried again', async ({ page, stand }) => {
      test.slow();
      const id = await paysByPayMaya(page);
      const head = 'customer.id;payment.amount;payment.currency;account.number;account.customer_name\r\n';
      const row = (amount: number, name: string) => `${id};${amount};PHP;09123456789;${name}\r\n`;
      await signsIn(page, operatorOf(stand, 'finance', `payer-${javaScriptEnabled}`));
      await page.goto('/admin/batches');
      await uploads(page, 'bonus.csv', head + row(15_000, 'John Doe') + row(15_001, 'Decline Me'));
      await expect(page.getByText('Nothing was sent yet')).toBeVisible();
      await confirms(page, 'Start the batch');
      const address = page.url();
      await expect(async () => {
        if (!javaScriptEnabled) await page.goto(address);
        await expect(state(page)).toHaveAttribute('data-batch-state', 'finished', { timeout: 1_000 });
      }).toPass({ timeout: 40_000 });
      await expect(page.getByRole('row', { name: /Decline Me/ })).toContainText('code 20000');
      await isAccessible(page);
      await page.getByRole('button', { name: 'Try the failed rows again' }).click();
      await expect(page.getByRole('link', { name: /^declined rows of batch/ })).toBeVisible();
      await expect(page.locator('tr[data-row]')).toHaveCount(1);
      await expect(page.getByRole('button', { name: 'Start the batch' })).toBeVisible();
      await isAccessible(page);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await expect(state(page)).toHaveAttribute('data-batch-state', 'cancelled');
    });
  });
}

test('what is no such file is told beside the field, and a template shows the way', async ({ page, stand }) => {
  await signsIn(page, operatorOf(stand, 'finance'));
  await page.goto('/admin/batches');
  await page.getByText('What a file holds').click();
  await expectAccessible(page);
  for (const kind of ['refunds', 'payouts']) {
    expect(await downloads(page, `Template for ${kind}`)).toContain('payment.amount');
  }
  await uploads(page, 'wrong.csv', 'payment,sum\nABC-1,12.50\n');
  await expect(page.getByLabel('File', { exact: true })).toHaveAccessibleDescription(/The header names a column "payment"/);
  await expectAccessible(page);
});

test('on a phone nothing sticks out, and a viewer sees runs and no buttons', async ({ page, stand }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signsIn(page, operatorOf(stand, 'viewer'));
  await page.goto('/admin/batches');
  await expect(page.getByLabel('File', { exact: true })).toHaveCount(0);
  await page.locator('tbody a').first().click();
  await expect(page.locator('tr[data-row]').first()).toBeVisible();
  await expect(page.locator('main').getByRole('button')).toHaveCount(0);
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
});

const state = (page: Page) => page.locator('[data-batch-state]');

async function uploads(page: Page, name: string, text: string) {
  await page.getByLabel('File', { exact: true }).setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByRole('button', { name: 'Upload and check' }).click();
}

async function confirms(page: Page, button: string) {
  await page.getByLabel('Password').fill('quiet lantern over harbour stones');
  await page.getByRole('button', { name: button }).click();
}

async function downloads(page: Page, link: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: link }).click()]);
  return readFileSync(await download.path(), 'utf8');
}

async function inAnotherBrowser(browser: Browser, stand: Stand, javaScriptEnabled: boolean, role: 'finance', who: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: stand.shop, javaScriptEnabled });
  const page = await context.newPage();
  await signsIn(page, operatorOf(stand, role, who));
  return page;
}

/** A purchase that is paid, as the shop knows; gives back its payment. */
async function paid(customer: APIRequestContext, stand: Stand): Promise<string> {
  const payment = await orders(customer);
  await pays(customer, stand, payment);
  await expect.poll(() => statusOf(customer, payment.order)).toBe('success');
  return payment.id;
}

/** The browser's customer pays by PayMaya; gives back the id the shop gave them. */
async function paysByPayMaya(page: Page): Promise<string> {
  await goesToCheckout(page, 'PH', 'jeju-green-tea');
  const payment = await checksOut(page, { method: 'PayMaya', email: 'maria.santos@example.com' });
  await paysThere(page);
  await expect(async () => {
    await page.reload();
    await seesItPaid(page);
  }).toPass();
  return payment.get('customer_id')!;
}

async function refundsOf(customer: APIRequestContext, stand: Stand, payment: string): Promise<string[]> {
  const known = await (await customer.get(`${stand.sandbox}/control/payments/${payment}`)).json();
  const refunds = known.operations.filter(({ type }: { type: string }) => type === 'refund');
  return refunds.map(({ status, amount }: { status: string; amount: number }) => `${status} ${amount}`);
}

async function misbehaves(customer: APIRequestContext, stand: Stand, faults: object) {
  expect((await customer.put(`${stand.sandbox}/control/faults`, { data: faults })).ok()).toBe(true);
}
