import { expect, expectAccessible, test } from '../fixtures';
import { fillsIn, pressesPay, putsInCart, seesStatus, visits } from '../customer';
import { answers, checkoutForm, confirms, orders, pays, posts, sentToPay } from '../program';

const FINDING = ['/', '/?category=tea', '/?q=tea', '/?q=nothing-like-this'];
const READING = ['/products/jeju-green-tea', '/cart', '/terms', '/no-such-page'];

for (const lang of ['en', 'ko']) {
  test(`looking around in "${lang}" works for everyone`, async ({ page }) => {
    await page.goto(`/?lang=${lang}`);
    for (const address of [...FINDING, ...READING]) {
      await page.goto(address);
      await expectAccessible(page);
    }
  });
}

test('a product of which few are left works for everyone', async ({ page }) => {
  await page.goto('/products/ship-tile');
  await expect(page.getByText('Left in stock')).toBeVisible();
  await expectAccessible(page);
});

test('a product that is sold out works for everyone, and says so', async ({ page, request }) => {
  await page.goto('/products/moon-jar');
  if (await page.getByRole('button', { name: 'Add to cart' }).isVisible()) {
    await posts(request, '/cart', { product: 'moon-jar', quantity: '3' });
    sentToPay(await posts(request, '/checkout', await checkoutForm(request))); // kept for me from now on
    await page.reload();
  }
  await expect(page.getByText('Sold out')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add to cart' })).toBeHidden();
  await expectAccessible(page);
});

for (const market of ['KR', 'PH', 'BE'] as const) {
  test(`cart and checkout in ${market} work for everyone, with errors too`, async ({ page }) => {
    await visits(page, market);
    await putsInCart(page, 'harbour-postcard');
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Checkout' }).click();
    await expectAccessible(page);
    await fillsIn(page, { email: 'nobody' });
    await pressesPay(page);
    await expect(page.getByRole('alert')).toBeVisible();
    await expectAccessible(page);
    await page.goto('/checkout?lang=ko');
    await expectAccessible(page);
  });
}

test('the page of an order works for everyone, whatever became of it', async ({ page, request, stand }) => {
  const payment = await orders(request);
  await page.goto(payment.order);
  await seesStatus(page, 'none');
  await expectAccessible(page);
  const wallet = await confirms(request, stand, payment);
  await seesStatus(page, 'awaiting redirect result');
  await expectAccessible(page);
  await answers(request, wallet, 'decline');
  await seesStatus(page, 'decline');
  await expectAccessible(page);
  await page.goto(`${payment.order}/pay?lang=en`);
  await expectAccessible(page);
});

for (const lang of ['en', 'ko']) {
  test(`the page of a paid order works for everyone in "${lang}"`, async ({ page, request, stand }) => {
    const payment = await orders(request);
    await pays(request, stand, payment);
    await page.goto(`${payment.order}?lang=${lang}`);
    await seesStatus(page, 'success');
    await expectAccessible(page);
  });
}
