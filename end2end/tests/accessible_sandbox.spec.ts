import { type Page } from '@playwright/test';
import { expect, expectAccessible, test } from '../fixtures';
import { WAYS, checksOut, confirms, goesToCheckout, pressesPay } from '../customer';

/** A paid customer is led back after two seconds, too soon to look around: the answer leads straight to a page that stays. */
async function staysOnTheResult(page: Page) {
  await page.route(/\/provider\//, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const response = await route.fetch();
    const { refresh, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
}

for (const { market, method, ...details } of WAYS) {
  test(`the sandbox's way to pay with ${method} works for everyone`, async ({ page }) => {
    await staysOnTheResult(page);
    for (const answer of ['Approve', 'Decline'] as const) {
      await goesToCheckout(page, market, 'jeju-green-tea');
      await checksOut(page, { method, ...details });
      if (answer === 'Approve') await expectAccessible(page);
      await confirms(page);
      if (answer === 'Approve') await expectAccessible(page);
      await page.getByRole('button', { name: answer }).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText(answer === 'Approve' ? 'successful' : 'declined');
      await expectAccessible(page);
    }
  });
}

test("the sandbox's questions and complaints work for everyone", async ({ page }) => {
  await goesToCheckout(page, 'PH', 'jeju-green-tea');
  await checksOut(page, { method: 'Choose on the payment page' });
  await expectAccessible(page);
  await page.getByRole('radio', { name: 'PayMaya' }).check();
  await page.getByRole('textbox', { name: 'Email' }).fill('maria @example');
  await page.locator('form').evaluate((form: HTMLFormElement) => (form.noValidate = true));
  await pressesPay(page);
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
});

test("the sandbox's own pages and its refusals work for everyone", async ({ page, stand }) => {
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  await checksOut(page, { method: 'Payco' });
  const changed = page.url().replace('payment_amount=18000', 'payment_amount=18001');
  await confirms(page);
  for (const path of [changed, '/payment', '/', '/nothing', '/control']) {
    await page.goto(new URL(path, stand.sandbox).href);
    await expectAccessible(page);
  }
  await page.locator('details').evaluateAll((all: HTMLDetailsElement[]) => all.forEach((details) => (details.open = true)));
  await expectAccessible(page);
});
