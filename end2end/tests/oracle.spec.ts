/** The platform's own package for Node judges both directions. */
import { Callback, signer } from 'ecommpay';
import { PROJECT_ID, PROJECT_SECRET, expect, test } from '../platform';
import { orders, pays, statusOf, type Fields, type OpenPayment } from '../program';

/** What the platform would send of a payment that succeeded, as in its samples. */
function successOf({ id, parameters }: OpenPayment) {
  const sum = { amount: Number(parameters.payment_amount), currency: parameters.payment_currency };
  const date = '2026-01-31T10:44:49+0000';
  return {
    project_id: PROJECT_ID,
    payment: { id, type: 'purchase', status: 'success', date, method: 'payco', sum, description: '' },
    customer: { id: parameters.customer_id },
    operation: {
      id: 123,
      type: 'sale',
      status: 'success',
      date,
      created_date: date,
      request_id: '46d13cf06a05f023ab53dd2d31c537a7-bd729b81-0001',
      sum_initial: sum,
      sum_converted: sum,
      provider: { id: 1234, payment_id: '202012101044495', auth_code: '' },
      code: '0',
      message: 'Success',
    },
  };
}

const signed = (body: object) => JSON.stringify({ ...body, signature: signer(body, PROJECT_SECRET) });

const verifies = ({ signature, ...parameters }: Fields) => signer(parameters, PROJECT_SECRET) === signature;

test("a callback with the official package's signature is believed", async ({ request }) => {
  const payment = await orders(request);
  expect(await statusOf(request, payment.order)).toBe('none');
  const answer = await request.post('/callbacks', { data: signed(successOf(payment)) });
  expect(answer.status()).toBe(200);
  expect(await statusOf(request, payment.order)).toBe('success');
});

for (const [what, change] of [
  ['amount', (body: string) => body.replaceAll('"amount":18000', '"amount":18001')],
  ['status', (body: string) => body.replace('"status":"success"', '"status":"Success"')],
  ['id', (body: string) => body.replace(/"id":"(\w+)-1"/, '"id":"$1-2"')],
  ['currency', (body: string) => body.replace('"currency":"KRW"', '"currency":"KPW"')],
  ['signature', (body: string) => body.replace(/"signature":"./, (start) => start.slice(0, -1) + (start.endsWith('A') ? 'B' : 'A'))],
] as const) {
  test(`with one byte of its ${what} changed, it is refused and nothing changes`, async ({ request }) => {
    const payment = await orders(request);
    const body = signed(successOf(payment));
    const changed = change(body);
    expect(changed).not.toBe(body);
    expect(changed).toHaveLength(body.length);
    const answer = await request.post('/callbacks', { data: changed });
    expect(answer.status()).toBe(400);
    expect(await statusOf(request, payment.order)).toBe('none');
  });
}

test('the address of the Payment Page is signed as the official package signs', async ({ request }) => {
  for (const [market, fields] of [
    ['KR', { payment_method: 'payco-wallet', email: 'maria+shop@example.com' }],
    ['BE', { payment_method: 'bancontact', last_name: "O'Neil-Müller & Zoon 김 🚢: 100% <b>" }],
    ['PH', { payment_method: '' }],
  ] as const) {
    const { parameters } = await orders(request, fields, market);
    expect(verifies(parameters)).toBe(true);
    for (const name of Object.keys(parameters)) {
      expect(verifies({ ...parameters, [name]: `${parameters[name]}0` }), `${name} is signed`).toBe(false);
    }
    expect(verifies({ ...parameters, payment_extra_param: 'more' })).toBe(false);
  }
});

test("the sandbox's callbacks are signed as the official package checks them", async ({ request, stand, platform }) => {
  const payment = await orders(request);
  await pays(request, stand, payment);
  const { callbacks } = await platform.payment(payment.id);
  expect(callbacks.length).toBeGreaterThan(1);
  for (const { body } of callbacks) {
    expect(new Callback(PROJECT_SECRET, body).getPaymentId()).toBe(payment.id);
    expect(() => new Callback(PROJECT_SECRET, body.replace('18000', '18001'))).toThrow('Invalid signature');
  }
  expect(new Callback(PROJECT_SECRET, callbacks.at(-1)!.body).isPaymentSuccess()).toBe(true);
});
