import { expect, test } from '../fixtures';
import { checksOut, confirms, fillsIn, goesToCheckout, pressesPay, answers, seesItPaid } from '../customer';

test('up to 500 euro Bancontact shows me a code to scan and the card form', async ({ page }) => {
  await goesToCheckout(page, 'BE', 'celadon-teapot');
  await checksOut(page, { method: 'Bancontact', lastName: 'Peeters' });
  await confirms(page);
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Card number' })).toBeVisible();
});

test('above 500 euro Bancontact shows me the card form alone', async ({ page }) => {
  await goesToCheckout(page, 'BE', 'oak-writing-cabinet');
  await checksOut(page, { method: 'Bancontact', lastName: 'Peeters' });
  await confirms(page);
  await expect(page.getByRole('textbox', { name: 'Card number' })).toBeVisible();
  await expect(page.getByRole('img')).toHaveCount(0);
  await answers(page, 'Approve');
  await seesItPaid(page);
});

for (const { story, market, slug, details, words } of [
  {
    story: '18 pesos are too little for PayMaya',
    market: 'PH',
    slug: 'harbour-postcard',
    details: { method: 'PayMaya', email: 'maria@example.com' },
    words: 'too small for this payment method',
  },
  {
    story: '80 cents are too little for Bancontact',
    market: 'BE',
    slug: 'harbour-postcard',
    details: { method: 'Bancontact', lastName: 'Peeters' },
    words: 'too small for this payment method',
  },
  {
    story: '39,000 pesos are too much for PayMaya',
    market: 'PH',
    slug: 'oak-writing-cabinet',
    details: { method: 'PayMaya', email: 'maria@example.com' },
    words: 'too large for this payment method',
  },
] as const) {
  test(`${story}, and the shop tells me before I leave`, async ({ page }) => {
    await goesToCheckout(page, market, slug);
    await expect(page.getByRole('radio', { name: details.method })).toHaveAccessibleDescription(new RegExp(words));
    await expect(page.getByRole('radio', { name: details.method })).not.toBeChecked();
    await fillsIn(page, details);
    await pressesPay(page);
    await expect(page).toHaveURL('/checkout');
    await expect(page.getByRole('alert')).toContainText(words);
    await expect(page.getByRole('alert')).toBeFocused();
    await expect(page.getByRole('radio', { name: details.method })).toBeChecked();
  });
}
