import { type Page } from '@playwright/test';
import { expect, test } from '../platform';
import { checksOut, goesToCheckout, isAtThePaymentPage, orderAddress, paysThere, seesItNotPaid, seesItPaid, seesStatus } from '../customer';
import { orders, pays } from '../program';

async function seesItChecked(page: Page) {
  await seesStatus(page, 'none');
  await seesItNotPaid(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Checking');
}

test('while the platform is slow I read that it is being checked; then the page I have open tells', async ({ page, platform }) => {
  await platform.misbehaves({ delay_ms: 600_000 });
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const order = orderAddress(await checksOut(page, { method: 'Payco' }));
  await paysThere(page);
  expect(page.url()).toBe(order);
  await seesItChecked(page);
  await platform.waits(700);
  await seesItPaid(page);
});

test('declined first and successful after all ends as paid', async ({ page, platform }) => {
  await platform.misbehaves({ late_success: true });
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  await checksOut(page, { method: 'Payco' });
  await paysThere(page, 'Decline');
  await seesStatus(page, 'decline');
  await platform.waits(60);
  await seesItPaid(page); // told to the open page
});

test('Pay on the page of an order leads on, although the page hears of that payment before the answer comes', async ({ page, context }) => {
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const order = orderAddress(await checksOut(page, { method: 'Payco' }));
  await paysThere(page, 'Decline');
  const other = await context.newPage();
  await other.goto(order);
  await seesStatus(other, 'decline');
  await page.bringToFront();
  await seesStatus(page, 'decline');
  await page.route(/\/orders\/[^/]+\/pay$/, async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    await seesStatus(other, 'none'); // whoever looks at the order has heard
    await route.fulfill({ response });
  });
  await page.getByRole('button', { name: 'Pay with Payco' }).click();
  await isAtThePaymentPage(page);
});

test('a page that says declined hears that I paid in another tab', async ({ page, context }) => {
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const order = orderAddress(await checksOut(page, { method: 'Payco' }));
  await paysThere(page, 'Decline');
  await seesStatus(page, 'decline');
  const other = await context.newPage();
  await other.goto(order);
  await other.getByRole('button', { name: 'Pay with Payco' }).click();
  await paysThere(other);
  await seesItPaid(other);
  await seesItPaid(page);
});

test('a success after all is told on the page of my next try, too', async ({ page, request, stand, platform }) => {
  await platform.misbehaves({ late_success: true });
  const payment = await orders(request);
  await pays(request, stand, payment, 'decline');
  await page.goto(payment.order);
  await seesStatus(page, 'decline');
  await page.getByRole('button', { name: 'Pay with Payco' }).click();
  await page.goto(payment.order);
  await seesItChecked(page);
  await platform.waits(60);
  await seesItPaid(page);
});

test.describe('While word of my payment is lost', () => {
  let payment: Awaited<ReturnType<typeof orders>>;

  test.beforeEach(async ({ page, request, stand, platform }) => {
    await platform.misbehaves({ drop: 1 });
    payment = await orders(request);
    await pays(request, stand, payment);
    await page.goto(payment.order);
    await seesItChecked(page);
  });

  test('I read that it is being checked; once it comes, every open page of the order tells', async ({ page, platform, browser }) => {
    const elsewhere = await browser.newContext();
    const there = await elsewhere.newPage();
    await there.goto(payment.order);
    await seesItChecked(there);
    await platform.sendsCallbacksAgain(payment.id);
    await seesItPaid(page);
    await seesItPaid(there);
    await elsewhere.close();
  });

  test('coming back by POST shows me the same', async ({ page, platform }) => {
    await page.goto('about:blank');
    const fields = '<input name="status" value="success"><button>Back</button>';
    await page.setContent(`<form method="post" action="${payment.order}">${fields}</form>`);
    await page.getByRole('button', { name: 'Back' }).click();
    await expect(page).toHaveURL(payment.order);
    await seesItChecked(page);
    await platform.sendsCallbacksAgain(payment.id);
    await seesItPaid(page);
  });

  test('nobody is believed who only writes "success" into the address', async ({ page }) => {
    await page.goto(`${payment.order}?status=success&payment_status=success&payment_id=${payment.id}`);
    await seesItChecked(page);
  });
});

for (const signature of ['forged', 'truncated', 'missing']) {
  test(`a word of success with a ${signature} signature changes nothing`, async ({ page, request, stand, platform }) => {
    await platform.misbehaves({ signature });
    const payment = await orders(request);
    await pays(request, stand, payment);
    await platform.sendsCallbacksAgain(payment.id);
    await page.goto(payment.order);
    await seesItChecked(page);
  });
}

for (const fault of [{ amount: 1 }, { currency: 'EUR' }]) {
  test(`a success over another ${Object.keys(fault)[0]} is not called paid`, async ({ page, request, stand, platform }) => {
    await platform.misbehaves(fault);
    const payment = await orders(request);
    await pays(request, stand, payment);
    await platform.sendsCallbacksAgain(payment.id);
    await page.goto(payment.order);
    await seesItNotPaid(page);
  });
}

test('shuffled and doubled words of success end as paid', async ({ page, request, stand, platform }) => {
  await platform.misbehaves({ shuffle: true, duplicate: 2 });
  const payment = await orders(request);
  await pays(request, stand, payment);
  await page.goto(payment.order);
  await seesItPaid(page);
});
