import { type Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { answers, checksOut, confirms, isAtThePaymentPage, orderAddress, pressesPay, putsInCart, seesItPaid, visits } from '../customer';

const NARROWEST = { width: 320, height: 640 };

/** The page's width against the screen's: a phone's `innerWidth` grows with what does not fit. */
async function fitsTheScreen(page: Page) {
  const usual = page.viewportSize()!;
  for (const size of [usual, NARROWEST]) {
    await page.setViewportSize(size);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, `${page.url()} at ${size.width} px`).toBeLessThanOrEqual(size.width);
  }
  await page.setViewportSize(usual);
}

test('on my phone I buy, and no page is wider than the screen', async ({ page, stand }) => {
  await visits(page, 'PH');
  await fitsTheScreen(page);
  await page.getByRole('link', { name: 'Inabel cotton throw' }).tap();
  await expect(page).toHaveURL('/products/inabel-throw');
  await fitsTheScreen(page);
  await page.getByRole('button', { name: 'Add to cart' }).tap();
  await expect(page).toHaveURL('/cart');
  await putsInCart(page, 'marbled-paper');
  await fitsTheScreen(page);
  await page.getByRole('link', { name: 'Checkout' }).tap();
  await expect(page).toHaveURL('/checkout');
  await fitsTheScreen(page);
  await pressesPay(page);
  await expect(page.getByRole('alert')).toBeVisible();
  await fitsTheScreen(page);
  const sent = await checksOut(page, { method: 'PayMaya', email: 'maria.santos.of.quezon.city@mail.example.com' });
  await fitsTheScreen(page);

  const waiting = await page.context().newPage();
  await waiting.goto(orderAddress(sent));
  await fitsTheScreen(waiting);
  await waiting.getByRole('link', { name: 'Another way to pay' }).tap();
  await expect(waiting).toHaveURL(/\/pay$/);
  await fitsTheScreen(waiting);
  await waiting.goBack();
  await confirms(page);
  await fitsTheScreen(page);
  await answers(page, 'Decline');
  await fitsTheScreen(page);
  await expect(waiting.getByRole('heading', { level: 1 })).toContainText('declined');
  await fitsTheScreen(waiting);
  await waiting.getByRole('button', { name: 'Pay with PayMaya' }).tap();
  await isAtThePaymentPage(waiting);
  await confirms(waiting);
  await answers(waiting, 'Approve');
  await seesItPaid(waiting);
  await fitsTheScreen(waiting);
  await page.goto(`${stand.sandbox}/control`);
  await fitsTheScreen(page);
});

test('on my phone nothing is wider than the screen where there is nothing to buy', async ({ page, stand }) => {
  for (const address of ['/?lang=ko', '/?lang=en&q=nothing-like-this', '/?category=tea', '/cart', '/terms', '/no-such-page']) {
    await page.goto(address);
    await fitsTheScreen(page);
  }
  for (const address of ['/', '/payment', '/payment?project_id=1&payment_id=x&signature=wrong', '/nothing']) {
    await page.goto(stand.sandbox + address);
    await fitsTheScreen(page);
  }
});
