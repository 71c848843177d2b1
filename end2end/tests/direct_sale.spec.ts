/** Payments without the Payment Page: the checkout sends the sale, and the customer goes straight to wallet or bank. */
import { type Page } from '@playwright/test';
import { answers, fillsIn, goesToCheckout, pressesPay, seesItPaid, seesStatus, WAYS, type Details } from '../customer';
import { expectAccessible } from '../fixtures';
import { expect, test } from '../platform';

test.use({ settings: { PAYMENT_PATH: 'gate' } });

async function pays(page: Page, { market, ...details }: (typeof WAYS)[number]) {
  await goesToCheckout(page, market, 'jeju-green-tea');
  await expect(page.getByRole('radio', { name: 'Choose on the payment page' })).toHaveCount(0);
  await fillsIn(page, details);
  await pressesPay(page);
}

/** By itself, or by the button where nothing happens by itself. */
async function arrivesAtTheProvider(page: Page, { method }: Details, scripts: boolean) {
  if (!scripts) {
    const onwards = page.getByRole('button', { name: `Continue to ${method}` });
    await expect(onwards.or(page.getByRole('button', { name: 'Approve' }))).toBeVisible({ timeout: 20_000 });
    if (await onwards.isVisible()) await onwards.click();
  }
  await expect(page).toHaveURL(/\/provider\//, { timeout: 20_000 });
}

for (const scripts of [true, false]) {
  test.describe(scripts ? 'With scripts' : 'Without scripts', () => {
    test.use({ javaScriptEnabled: scripts });

    for (const way of WAYS) {
      test(`I pay with ${way.method} at the provider itself, and see it paid`, async ({ page }) => {
        await pays(page, way);
        await arrivesAtTheProvider(page, way, scripts);
        await answers(page, 'Approve');
        await expect(page).toHaveURL(/\/orders\/[^/]+$/);
        await seesItPaid(page);
      });
    }

    test('I decline at the wallet, and may pay another way', async ({ page }) => {
      await pays(page, WAYS[0]);
      await arrivesAtTheProvider(page, WAYS[0], scripts);
      await answers(page, 'Decline');
      await seesStatus(page, 'decline');
      await expect(page.getByRole('button', { name: 'Pay with Payco' })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Choose on the payment page' })).toHaveCount(0);
    });

    test('my bank asks for the last name I left out, and then I pay', async ({ page }) => {
      const { market, method } = WAYS[2];
      await goesToCheckout(page, market, 'jeju-green-tea');
      await fillsIn(page, { method });
      await pressesPay(page);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your bank asks one more thing', { timeout: 20_000 });
      if (scripts) await expectAccessible(page);
      await page.getByRole('textbox', { name: 'Last name' }).fill('Pee;ters');
      await page.getByRole('button', { name: 'Continue' }).click();
      await expect(page.getByRole('textbox', { name: 'Last name' })).toHaveValue('Pee;ters');
      await page.getByRole('textbox', { name: 'Last name' }).fill('Peeters');
      await page.getByRole('button', { name: 'Continue' }).click();
      await arrivesAtTheProvider(page, { method }, scripts);
      await answers(page, 'Approve');
      await seesItPaid(page);
    });
  });
}

test('while the platform prepares the payment I see that, and go on by myself', async ({ page, platform }) => {
  await platform.misbehaves({ delay_ms: 3000 });
  await pays(page, WAYS[0]);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Taking you to your wallet or bank');
  await expect(page.getByRole('status')).toContainText('prepares your payment');
  await expectAccessible(page);
  await arrivesAtTheProvider(page, WAYS[0], true);
});
