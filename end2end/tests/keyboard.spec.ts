import { type Locator, type Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { seesItPaid } from '../customer';

const MOST_STOPS = 60;

/** Presses Tab until the thing is reached, as someone without a mouse does. */
async function tabsTo(page: Page, wanted: Locator) {
  await expect(wanted).toBeVisible();
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`not reached with ${MOST_STOPS} presses of Tab: ${wanted}`);
}

async function presses(page: Page, role: 'link' | 'button', name: string | RegExp) {
  await tabsTo(page, page.getByRole(role, { name }));
  await page.keyboard.press('Enter');
}

test('with the keyboard alone I buy and pay', async ({ page }) => {
  await page.goto('/?market=PH');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await presses(page, 'link', 'Hanji notebook');
  await tabsTo(page, page.getByRole('combobox', { name: 'Quantity' }));
  await page.keyboard.press('2');
  await presses(page, 'button', 'Add to cart');
  await presses(page, 'link', 'Checkout');

  const choose = page.getByRole('radio', { name: 'Choose on the payment page' });
  await tabsTo(page, page.getByRole('radio', { name: 'PayMaya' }));
  await page.keyboard.press('ArrowDown');
  await expect(choose).toBeChecked();
  await page.keyboard.press('ArrowUp');
  await presses(page, 'button', /^Pay/);

  await expect(page.getByRole('alert')).toBeFocused();
  await presses(page, 'link', /^Email/);
  await page.keyboard.type('maria@example.com');
  await page.keyboard.press('Enter');

  await expect(page).toHaveURL(/\/payment\?.*payment_amount=178000/);
  await presses(page, 'button', /^Pay/);
  await presses(page, 'button', 'Approve');
  await seesItPaid(page);
});
