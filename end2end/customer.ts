/** What a customer does, in the customer's verbs. */
import { expect, type Page } from '@playwright/test';

export type Market = 'KR' | 'PH' | 'BE';
export type Method = 'Payco' | 'PayMaya' | 'Bancontact' | 'Choose on the payment page';
export type Answer = 'Approve' | 'Decline' | 'Cancel';

/** What is typed and chosen at checkout. What is left out is left as the shop shows it. */
export interface Details {
  method?: Method;
  email?: string;
  lastName?: string;
}

/** A method where it can be used, and all it asks for. */
export const WAYS = [
  { market: 'KR', method: 'Payco' },
  { market: 'PH', method: 'PayMaya', email: 'maria.santos@example.com' },
  { market: 'BE', method: 'Bancontact', lastName: 'Peeters' },
] as const satisfies (Details & { market: Market })[];

export async function visits(page: Page, market: Market) {
  await page.goto(`/?market=${market}`);
}

/** With the buttons, as without scripts. */
export async function sets(page: Page, what: 'Market' | 'Language', value: string) {
  const choice = page.getByRole('combobox', { name: what });
  await choice.selectOption(value);
  await page.locator('form').filter({ has: choice }).getByRole('button').click();
}

export async function putsInCart(page: Page, slug: string) {
  await page.goto(`/products/${slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await expect(page).toHaveURL('/cart');
}

/** The shortest way; the market is one the browser remembers. */
export async function goesToCheckout(page: Page, market: Market, slug: string) {
  await page.request.get(`/?market=${market}`);
  await putsInCart(page, slug);
  await page.getByRole('link', { name: 'Checkout' }).click();
  await expect(page).toHaveURL('/checkout');
}

export async function fillsIn(page: Page, { method, email, lastName }: Details) {
  if (method) await page.getByRole('radio', { name: method }).check();
  if (email !== undefined) await page.getByRole('textbox', { name: 'Email' }).fill(email);
  if (lastName !== undefined) await page.getByRole('textbox', { name: 'Last name' }).fill(lastName);
}

export async function pressesPay(page: Page) {
  await page.getByRole('button', { name: /^Pay/ }).click();
}

/** From the checkout to the Payment Page; gives back what stands in its address. */
export async function checksOut(page: Page, details: Details): Promise<URLSearchParams> {
  await fillsIn(page, details);
  await pressesPay(page);
  return isAtThePaymentPage(page);
}

export async function isAtThePaymentPage(page: Page): Promise<URLSearchParams> {
  await expect(page).toHaveURL(/\/payment\?/);
  return new URL(page.url()).searchParams;
}

/** From the Payment Page to the wallet or bank. */
export async function confirms(page: Page) {
  await pressesPay(page);
  await expect(page).toHaveURL(/\/provider\//);
}

/** At the wallet or bank. */
export async function answers(page: Page, answer: Answer) {
  await page.getByRole('button', { name: answer }).click();
  await expect(page).not.toHaveURL(/\/provider\//);
}

export async function returnsToShop(page: Page) {
  await page.getByRole('link', { name: 'Return to shop' }).click();
  await expect(page).toHaveURL(/\/orders\//);
}

/** From the Payment Page through the wallet or bank; approved, the way back is automatic. */
export async function paysThere(page: Page, answer: Answer = 'Approve') {
  await confirms(page);
  await answers(page, answer);
  if (answer === 'Approve') await expect(page).toHaveURL(/\/orders\//);
  else await returnsToShop(page);
}

export async function seesStatus(page: Page, status: string) {
  await expect(page.locator('[data-payment-status]')).toHaveAttribute('data-payment-status', status);
}

export async function seesItPaid(page: Page) {
  await seesStatus(page, 'success');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Paid');
}

export async function seesItNotPaid(page: Page) {
  await expect(page.locator('[data-payment-status]')).not.toHaveAttribute('data-payment-status', 'success');
  await expect(page.getByRole('heading', { level: 1 })).not.toContainText('Paid');
}

/** Where the customer comes back to, as the shop told the platform. */
export function orderAddress(paymentPage: URLSearchParams): string {
  return paymentPage.get('merchant_return_url')!;
}
