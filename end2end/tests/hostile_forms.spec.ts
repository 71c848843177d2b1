import { type APIResponse } from '@playwright/test';
import { expect, test } from '../fixtures';
import { checkoutForm, orders, posts, putsInCart, sentToPay } from '../program';

/** A page in the shop's own look, with this status, in which nothing foreign runs. */
async function isAPageOfTheShop(answer: APIResponse, status: number) {
  const html = await answer.text();
  expect(answer.status(), answer.url()).toBe(status);
  expect(html).toContain('class="site-header"');
  expect(html).toContain('<main id="main"');
  expect(html).not.toMatch(/<script>alert|<img[^>]*onerror/);
  return html;
}

const RTL = '\u202Egnp.exe';
const MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
const escaped = (typed: string) =>
  typed.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

for (const [what, typed] of [
  ['markup', MARKUP],
  ['a second parameter', 'a@b.example;payment_amount:1'],
  ['emoji', '🚢🚢🚢@example.com'],
  ['300 characters', `${'m'.repeat(290)}@b.example`],
] as const) {
  test(`an email with ${what} is refused beside its field, and kept as typed`, async ({ request }) => {
    await putsInCart(request, 'jeju-green-tea', 'PH');
    const form = { ...(await checkoutForm(request)), payment_method: 'paymaya-wallet', email: typed };
    const html = await isAPageOfTheShop(await posts(request, '/checkout', form), 422);
    expect(html).toContain('aria-invalid="true"');
    expect(html).toContain(`value="${escaped(typed)}"`);
  });
}

for (const typed of ['x'.repeat(101), 'Peeters;payment_amount:1', '\u202E\u202D\u2066']) {
  test(`a last name such as ${JSON.stringify(typed.slice(0, 30))} is refused, and kept as typed`, async ({ request }) => {
    await putsInCart(request, 'jeju-green-tea', 'BE');
    const form = { ...(await checkoutForm(request)), payment_method: 'bancontact', last_name: typed };
    const html = await isAPageOfTheShop(await posts(request, '/checkout', form), 422);
    expect(html).toContain('aria-invalid="true"');
    expect(html).toContain(`value="${escaped(typed)}"`);
  });
}

test('what nobody sees of an email or a last name is not sent, and a short last name is a name', async ({ request }) => {
  for (const email of ['maria@example.com\u202E', 'maria\u0007@example.com']) {
    const payment = await orders(request, { payment_method: 'paymaya-wallet', email }, 'PH');
    expect(payment.parameters.customer_email).toBe('maria@example.com');
  }
  for (const [last_name, sent] of [
    ['Li', 'Li'],
    ['Peeters\u0000', 'Peeters'],
    [`Peeters${RTL}`, 'Peetersgnp.exe'],
  ]) {
    await putsInCart(request, 'jeju-green-tea', 'BE');
    const form = { ...(await checkoutForm(request)), payment_method: 'bancontact', last_name };
    expect(sentToPay(await posts(request, '/checkout', form)).parameters.customer_last_name).toBe(sent);
  }
});

test('a payment method nobody offers is refused', async ({ request }) => {
  await putsInCart(request);
  for (const payment_method of ['bancontact', 'cash', MARKUP, '\u0000']) {
    await isAPageOfTheShop(await posts(request, '/checkout', { ...(await checkoutForm(request)), payment_method }), 422);
  }
});

test('a price the browser names does not matter', async ({ request }) => {
  const prices = { price: '1', amount: '1', payment_amount: '1', payment_currency: 'EUR', quantity: '-5', market: 'PH' };
  const payment = await orders(request, { payment_method: 'payco-wallet', ...prices });
  expect(payment.parameters).toMatchObject({ payment_amount: '18000', payment_currency: 'KRW' });
});

test('a total other than what I saw is not charged: I look at the true one first', async ({ request }) => {
  await putsInCart(request);
  for (const total of ['1', '-18000', 'KRW 1', '', MARKUP]) {
    const html = await isAPageOfTheShop(await posts(request, '/checkout', { ...(await checkoutForm(request)), total }), 422);
    expect(html).toContain('role="alert"');
    expect(html).toContain('₩18,000');
  }
});

test('a form of a cart that has changed since is shown to me again, with what I typed', async ({ request }) => {
  await putsInCart(request, 'jeju-green-tea', 'BE');
  const stale = { ...(await checkoutForm(request)), payment_method: 'bancontact', last_name: 'Peeters', email: 'p@example.com' };
  await putsInCart(request, 'flax-twine', 'BE');
  const html = await isAPageOfTheShop(await posts(request, '/checkout', stale), 422);
  expect(html).toContain('The cart has changed');
  for (const kept of ['value="Peeters"', 'value="p@example.com"', '€16.00']) expect(html).toContain(kept);
  const { cart, total } = await checkoutForm(request);
  const again = await posts(request, '/checkout', { ...stale, cart, total });
  expect(sentToPay(again).parameters.payment_amount).toBe('1600');
});

test('quantities that are none never get into a cart', async ({ request }) => {
  for (const quantity of ['0', '-1', '21', '99999999999999999999999', '1e1', '1.5', '', 'two', '１', MARKUP]) {
    await isAPageOfTheShop(await posts(request, '/cart', { product: 'jeju-green-tea', quantity }), 422);
  }
  await putsInCart(request);
  for (const quantity of ['-1', '21', '4294967297', 'NaN', '']) {
    await isAPageOfTheShop(await posts(request, '/cart/lines', { product: 'jeju-green-tea', quantity }), 400);
  }
  expect((await checkoutForm(request)).total).toContain('18000');
});

test('what is typed is never written to the log, nor is a key or an order address', async ({ request, stand }) => {
  const { order } = await orders(request, { payment_method: 'payco-wallet', email: 'canary.maria@example.com' });
  await posts(request, '/checkout', { email: 'canary.maria@example.com;', last_name: 'Canary-Santos' });
  await request.get(`${order}?note=canary-note`);
  await expect(async () => expect(stand.log.join('\n')).toContain('/orders/{token}')).toPass();
  const ofTheShop = stand.log.filter((line) => line.startsWith('storefront:')).join('\n');
  for (const secret of ['canary', 'Canary', order.split('/').pop()!, 'known-to-everyone']) expect(ofTheShop).not.toContain(secret);
});
