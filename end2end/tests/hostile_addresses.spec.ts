import { expect, test } from '../fixtures';
import { isRefused, orders, posts } from '../program';

test('addresses that lead nowhere say so', async ({ request }) => {
  for (const path of [
    '/no-such-page',
    '/products/no-such-thing',
    '/products/%3Cscript%3E',
    `/products/${'x'.repeat(4000)}`,
    '/products/..%2F..%2Fetc%2Fpasswd',
    '/pkg/..%2f..%2f..%2fCargo.toml',
    '/%2e%2e/%2e%2e/Cargo.toml',
    '/pkg',
    '/?category=no-such-category',
    '/?category=%00',
  ]) {
    await isRefused(await request.get(path, { maxRedirects: 0 }), 404);
  }
});

test("another person's order opens to nobody who does not know its address", async ({ request }) => {
  const { order } = await orders(request);
  const token = order.split('/').pop()!;
  const similar = [`${token}x`, token.slice(1), token.split('').reverse().join(''), token.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))];
  for (const guess of [...similar, 'A'.repeat(22), '1', '%00', '%ff', "'%20OR%201=1--"]) {
    for (const path of [`/orders/${guess}`, `/orders/${guess}/events`, `/orders/${guess}/pay`]) {
      await isRefused(await request.get(path, { maxRedirects: 0 }), 404);
    }
    await isRefused(await posts(request, `/orders/${guess}/pay`, { payment_method: '' }), 404);
  }
  expect((await request.get(order)).status()).toBe(200);
});

test('broken encodings in paths and queries are no reason to break', async ({ request }) => {
  const paths = ['/products/%zz', '/products/%ff%fe', '/orders/%', '/%'];
  const queries = ['/?q=%ff%fe', '/?q=%', '/?market=%ff&lang=%00', '/cart?%%%', '/?q=a;b&=&&=x'];
  for (const path of [...paths, ...queries]) {
    const answer = await request.get(path, { maxRedirects: 0 });
    expect([200, 400, 404], path).toContain(answer.status());
    expect(await answer.text()).toContain('class="site-header"');
  }
});

test('addresses used in the wrong way say so', async ({ request }) => {
  const { order } = await orders(request);
  for (const [method, path] of [
    ['DELETE', '/cart'],
    ['GET', '/cart/lines'],
    ['PUT', '/checkout'],
    ['POST', '/'],
    ['POST', '/terms'],
    ['PATCH', '/products/moon-jar'],
    ['DELETE', order],
    ['POST', `${order}/events`],
  ]) {
    const answer = await request.fetch(path, { method, maxRedirects: 0 });
    await isRefused(answer, 405);
    expect(answer.headers().allow, `${method} ${path}`).toBeTruthy();
  }
  expect((await request.fetch('/callbacks', { method: 'GET' })).status()).toBe(405);
});

test('a search for anything finds something or nothing, and repeats it safely', async ({ request }) => {
  const markup = '"><script>alert(1)</script>';
  for (const words of [markup, '\u202E', '🚢', "'; DROP TABLE orders;--", '%', '_', '\u0000\u0001', 'x'.repeat(5000), '*()[]\\']) {
    const answer = await request.get(`/?q=${encodeURIComponent(words)}`);
    expect(answer.status(), words.slice(0, 40)).toBe(200);
    expect(await answer.text()).not.toContain('<script>');
  }
});
