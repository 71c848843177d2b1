/** What a customer's browser sends, sent without a browser. */
import { expect, type APIRequestContext, type APIResponse } from '@playwright/test';
import type { Stand } from './fixtures';

export type Fields = Record<string, string>;

/** A payment that can be paid now. */
export interface OpenPayment {
  id: string;
  /** The Payment Page's address as the shop sent it, and what stands in it. */
  address: string;
  parameters: Fields;
  /** The order's page. */
  order: string;
}

/** Answers are looked at as they come, redirects too. */
export const posts = (request: APIRequestContext, path: string, form: Fields) => request.post(path, { form, maxRedirects: 0 });

export async function putsInCart(request: APIRequestContext, product = 'jeju-green-tea', market = 'KR') {
  await request.get(`/?market=${market}`);
  expect((await posts(request, '/cart', { product, quantity: '1' })).status()).toBe(303);
}

/** The hidden fields of the checkout. */
export async function checkoutForm(request: APIRequestContext): Promise<Fields> {
  const html = await (await request.get('/checkout')).text();
  const value = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)![1];
  return { cart: value('cart'), total: value('total'), email: '', last_name: '', payment_method: '' };
}

/** Puts something in the cart and checks out, with Payco unless told otherwise. */
export async function orders(request: APIRequestContext, fields: Fields = { payment_method: 'payco-wallet' }, market = 'KR') {
  await putsInCart(request, 'jeju-green-tea', market);
  return sentToPay(await posts(request, '/checkout', { ...(await checkoutForm(request)), ...fields }));
}

export function sentToPay(answer: APIResponse): OpenPayment {
  expect(answer.status()).toBe(303);
  const address = answer.headers().location;
  const parameters = Object.fromEntries(new URL(address).searchParams);
  return { id: parameters.payment_id, address, parameters, order: parameters.merchant_return_url };
}

/** Confirms on the Payment Page; gives back the wallet's or bank's address. */
export async function confirms(request: APIRequestContext, stand: Stand, payment: OpenPayment): Promise<string> {
  const confirmed = await posts(request, `${stand.sandbox}/payment/confirm`, payment.parameters);
  expect(confirmed.status()).toBe(303);
  return stand.sandbox + confirmed.headers().location;
}

export async function answers(request: APIRequestContext, address: string, decision: 'approve' | 'decline' | 'cancel') {
  expect((await posts(request, address, { decision })).status()).toBe(303);
}

/** From the Payment Page through the wallet or bank. */
export async function pays(request: APIRequestContext, stand: Stand, payment: OpenPayment, decision: 'approve' | 'decline' = 'approve') {
  await answers(request, await confirms(request, stand, payment), decision);
}

/** The newest status, as the order's page says it. */
export async function statusOf(request: APIRequestContext, order: string): Promise<string> {
  return /data-payment-status="([^"]*)"/.exec(await (await request.get(order)).text())![1];
}

/** A page in the shop's own look that says no, with this status. */
export async function isRefused(answer: APIResponse, status: number) {
  expect(answer.status(), answer.url()).toBe(status);
  const html = await answer.text();
  expect(html).toContain('class="site-header"');
  expect(html).toMatch(/<h1>[^<]+<\/h1>/);
}
