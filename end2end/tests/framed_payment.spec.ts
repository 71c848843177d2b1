/** The Payment Page in or over the checkout, for whoever sees it, hears it, or has only keys. */
import { type Page } from '@playwright/test';
import { fillsIn, pressesPay, seesItPaid } from '../customer';
import { answersThere, confirmsThere, hears, isReady, opening, said, seesThere } from '../openings';
import { expect, expectAccessible } from '../fixtures';
import { test } from '../platform';
import { entersReadyCheckout, opensFrame } from './framed_checkout';

const focusIsInFrame = (page: Page) => page.evaluate(() => document.activeElement?.classList.contains('ep-iframe'));
const pay = (page: Page) => page.getByRole('button', { name: /^Pay/ });

for (const code of ['iframe', 'popup'] as const) {
  test(`the frame has a title, takes the focus, and gives it back (${code})`, async ({ page }) => {
    await opensFrame(page, code);
    await expect(page.locator('.ep-iframe')).toHaveAttribute('title', 'Payment page');
    await expect(page.locator('.ep-iframe')).toHaveAttribute('allow', 'payment');
    await expect.poll(() => focusIsInFrame(page)).toBe(true);
    await expectAccessible(page);
    await opening(code).closes(page);
    await hears(page, 'The payment page is closed');
    await expect(pay(page)).toBeFocused();
    await expectAccessible(page);
  });

  test(`what happens is said in my language (${code})`, async ({ page }) => {
    await entersReadyCheckout(page, code);
    await page.request.get('/?lang=ko');
    await page.goto(`/checkout?opening=${code}`);
    await fillsIn(page, { method: 'Payco' });
    await isReady(page);
    await page.locator('button.pay').click();
    await expect(said(page)).toHaveText('결제 페이지가 열렸어요.');
    await expect(page.locator('.ep-iframe')).toHaveAttribute('title', '결제 페이지');
  });

  test(`a declined payment that I try again in the frame is paid (${code})`, async ({ page, platform }) => {
    await platform.misbehaves({ try_again: true });
    await opensFrame(page, code);
    await confirmsThere(page, opening(code));
    await answersThere(page, opening(code), 'Decline');
    await seesThere(page, opening(code), 'Payment declined');
    await hears(page, 'This payment did not go through');
    await opening(code).place(page).getByRole('button', { name: 'Try again' }).click();
    await hears(page, 'The payment page is open');
    await answersThere(page, opening(code), 'Approve');
    await seesItPaid(page);
  });
}

test('Escape closes the overlay, from the page and from the Payment Page in it', async ({ page }) => {
  const frame = await opensFrame(page, 'popup');
  await frame.getByRole('button', { name: /^Pay/ }).focus();
  page.keyboard.press('Escape').catch(() => {}); // not waited for: the frame is gone before it answers for the key
  await expect(page.locator('.ep-iframe')).toHaveCount(0);
  await hears(page, 'The payment page is closed');

  await pressesPay(page);
  await hears(page, 'The payment page is open');
  await page.locator('#ep-modal-close').focus();
  await page.keyboard.press('Escape');
  await expect(page.locator('.ep-iframe')).toHaveCount(0);
  await expect(pay(page)).toBeFocused();
});
