import { expect, test } from '../fixtures';
import { checkoutForm, isRefused, orders, posts, putsInCart } from '../program';

test('fields given twice, of the wrong kind or not at all are refused', async ({ request }) => {
  await putsInCart(request);
  const form = (data: string, type = 'application/x-www-form-urlencoded') => ({ data, headers: { 'content-type': type }, maxRedirects: 0 });
  for (const path of ['/cart', '/cart/lines', '/checkout']) {
    const double = path === '/checkout' ? 'email=a%40b&email=c%40d' : 'product=jeju-green-tea&product=moon-jar&quantity=1';
    await isRefused(await request.post(path, form(double)), 400);
    await isRefused(await request.post(path, form('{"product":"jeju-green-tea"}', 'application/json')), 400);
    await isRefused(await request.post(path, form('product=jeju-green-tea&quantity=1', 'text/plain')), 400);
    await isRefused(await request.post(path, form(`email=${'x'.repeat(100_000)}`)), 413);
  }
  await isRefused(await request.get('/?q=a&q=b'), 400);
  await isRefused(await posts(request, '/cart', { quantity: '1' }), 404);
  await isRefused(await posts(request, '/cart', { product: 'no-such-thing', quantity: '1' }), 404);
  expect((await checkoutForm(request)).total).toContain('18000');
});

test('forms of other sites are refused', async ({ request, stand }) => {
  const { order } = await orders(request);
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: stand.sandbox },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];
  for (const headers of foreign) {
    for (const path of ['/cart', '/cart/lines', '/checkout', `${order}/pay`]) {
      const form = { product: 'flax-twine', quantity: '1' };
      await isRefused(await request.post(path, { form, headers, maxRedirects: 0 }), 403);
    }
  }
  expect(await (await request.get('/cart')).text()).not.toContain('/products/flax-twine');
});

test('broken cookies and headers are no reason to break', async ({ request }) => {
  const carts = ['cart', 'cart=', 'cart="', 'cart=%00%ff', `cart=${'A'.repeat(22)}`, 'cart=../../x', `cart=${'x'.repeat(8000)}`, "cart=' OR 1=1--"];
  const choices = [';;;==;', 'lang=<script>; market=KP', 'lang=ko; lang=en'];
  for (const cookie of [...carts, ...choices]) {
    for (const path of ['/', '/cart']) {
      const answer = await request.get(path, { headers: { cookie } });
      expect(answer.status(), cookie.slice(0, 40)).toBe(200);
      expect(await answer.text()).not.toContain('<script>');
    }
    const checkout = await request.post('/checkout', { form: { email: 'a@b.example' }, headers: { cookie }, maxRedirects: 0 });
    expect([checkout.status(), checkout.headers().location]).toEqual([303, '/cart']);
  }
  for (const language of ['*', ',,,;q=', 'ko;q=9', 'x'.repeat(4000), '\u00ff\u00fe']) {
    expect((await request.get('/', { headers: { 'accept-language': language } })).status()).toBe(200);
  }
});
