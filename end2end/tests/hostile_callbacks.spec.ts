import { signer } from 'ecommpay';
import { expect, test } from '../fixtures';
import { PROJECT_ID, PROJECT_SECRET } from '../platform';
import { orders, statusOf, type OpenPayment } from '../program';

function success({ id, parameters }: OpenPayment, more: object = {}) {
  const sum = { amount: Number(parameters.payment_amount), currency: parameters.payment_currency };
  const operation = { id: 1, type: 'sale', status: 'success', code: '0', message: 'Success', sum_initial: sum };
  return { project_id: PROJECT_ID, payment: { id, status: 'success', sum }, operation, ...more };
}

const signature = (body: object) => signer(body, PROJECT_SECRET) as string;

/** The whole body, with another signature if one is given. */
function sent(payment: OpenPayment, instead?: unknown) {
  const body = success(payment);
  return { ...body, signature: instead ?? signature(body) };
}

/** Each is sent with what would make the order paid if it were believed. */
const REFUSED: Record<string, [number, (payment: OpenPayment) => string]> = {
  'nothing at all': [400, () => ''],
  'something that is no JSON': [400, () => 'payment=success'],
  'a JSON text': [400, () => '"success"'],
  'a JSON list': [400, (payment) => JSON.stringify([sent(payment)])],
  'half a body': [400, (payment) => JSON.stringify(sent(payment)).slice(0, -20)],
  'more than 256 kB': [413, (payment) => JSON.stringify(sent(payment)) + ' '.repeat(257 * 1024)],
  'a name given twice': [400, (payment) => JSON.stringify(sent(payment)).replace('{', '{"payment":{"status":"decline"},')],
  'values nested too deep': [400, () => `${'{"payment":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  'no signature': [400, (payment) => JSON.stringify(success(payment))],
  'an empty signature': [400, (payment) => JSON.stringify(sent(payment, ''))],
  'no text as signature': [400, (payment) => JSON.stringify(sent(payment, true))],
  'half a signature': [400, (payment) => JSON.stringify(sent(payment, signature(success(payment)).slice(0, 44)))],
  'a signature and more': [400, (payment) => JSON.stringify(sent(payment, `${signature(success(payment))}A`))],
  'the signature of another body': [400, (payment) => JSON.stringify(sent(payment, signature(success(payment, { more: 1 }))))],
  "the checkout's own signature": [400, (payment) => JSON.stringify(sent(payment, payment.parameters.signature))],
  "the checkout's own parameters": [400, (payment) => JSON.stringify(payment.parameters)],
};

for (const [what, [status, body]] of Object.entries(REFUSED)) {
  test(`a callback with ${what} is refused, and nothing changes`, async ({ request }) => {
    const payment = await orders(request);
    const answer = await request.post('/callbacks', { data: body(payment), headers: { 'content-type': 'application/json' } });
    expect(answer.status()).toBe(status);
    expect(await statusOf(request, payment.order)).toBe('none');
  });
}

for (const [what, change] of [
  ['an unknown payment', { payment: { id: 'nobody-knows-it', status: 'success', sum: { amount: 18000, currency: 'KRW' } } }],
  ['another project', { project_id: PROJECT_ID + 1 }],
  ['text that can be read in two ways', { customer: { id: 'a;payment:status:success' } }],
] as const) {
  test(`a signed callback about ${what} is taken down and moves nothing`, async ({ request }) => {
    const payment = await orders(request);
    const body = success(payment, change);
    const answer = await request.post('/callbacks', { data: { ...body, signature: signature(body) } });
    expect(answer.status()).toBe(200);
    expect(await statusOf(request, payment.order)).toBe('none');
  });
}

test('the very same callback without a fault is believed', async ({ request }) => {
  const payment = await orders(request);
  expect((await request.post('/callbacks', { data: JSON.stringify(sent(payment)) })).status()).toBe(200);
  expect(await statusOf(request, payment.order)).toBe('success');
});
