import { expect, test } from '../fixtures';
import { checksOut, confirms, fillsIn, goesToCheckout, paysThere, pressesPay, seesItPaid, type Market, type Method } from '../customer';

interface Asked {
  market: Market;
  method: Method;
  label: string;
  wrong: string;
  right: string;
  complaint: string;
}

const ASKED: Asked[] = [
  { market: 'PH', method: 'PayMaya', label: 'Email', wrong: 'maria', right: 'maria@example.com', complaint: 'does not look like an email' },
  { market: 'BE', method: 'Bancontact', label: 'Last name', wrong: 'Pee;ters', right: 'Li', complaint: 'A semicolon' },
];

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'With scripts' : 'Without scripts', () => {
    test.use({ javaScriptEnabled });

    for (const { market, method, label, wrong, right, complaint } of ASKED) {
      test(`${method} asks me for ${label}, and says so beside the field and above the form`, async ({ page }) => {
        await goesToCheckout(page, market, 'jeju-green-tea');
        await fillsIn(page, { method });
        await expect(page.getByText('With the country code'), 'the hint of the phone number').toBeVisible();
        await pressesPay(page);

        const field = page.getByRole('textbox', { name: label });
        const summary = page.getByRole('alert');
        await expect(summary).toContainText(`${label}: Please fill this in.`);
        await expect(summary).toBeFocused();
        await expect(field).toHaveAttribute('aria-invalid', 'true');
        await expect(field).toHaveAccessibleDescription(/Please fill this in\./);

        await summary.getByRole('link', { name: label }).click();
        await expect(field).toBeFocused();
        await field.fill(wrong);
        await pressesPay(page);
        await expect(summary).toContainText(complaint);
        await expect(field).toHaveAccessibleDescription(new RegExp(complaint));
        await expect(field).toHaveValue(wrong);
        await expect(page.getByRole('radio', { name: method })).toBeChecked();

        await field.fill(right);
        await pressesPay(page);
        await expect(page).toHaveURL(/\/payment\?/);
      });
    }

    test('a mistake in the optional email costs me nothing else I typed', async ({ page }) => {
      await goesToCheckout(page, 'BE', 'jeju-green-tea');
      await fillsIn(page, { method: 'Bancontact', lastName: 'Peeters & "Zoon" <3', email: 'nobody' });
      await pressesPay(page);
      await expect(page.getByRole('alert')).toContainText('Email: This does not look like an email');
      await expect(page.getByRole('textbox', { name: 'Last name' })).toHaveValue('Peeters & "Zoon" <3');
      await expect(page.getByRole('textbox', { name: 'Email' })).toHaveValue('nobody');
    });
  });
}

test('Payco asks me for nothing', async ({ page }) => {
  await goesToCheckout(page, 'KR', 'jeju-green-tea');
  const sent = await checksOut(page, { method: 'Payco' });
  expect(sent.has('customer_email')).toBe(false);
  expect(sent.has('customer_last_name')).toBe(false);
  await expect(page.getByRole('textbox')).toHaveCount(0);
});

test('what I told the shop is shown to me for confirmation, or not asked again', async ({ page }) => {
  await goesToCheckout(page, 'PH', 'jeju-green-tea');
  await checksOut(page, { method: 'Choose on the payment page', email: 'maria@example.com' });
  await page.getByRole('radio', { name: 'PayMaya' }).check();
  const email = page.getByRole('textbox', { name: 'Email' });
  await expect(email).toHaveValue('maria@example.com');
  await expect(email).toBeEditable();
  await email.fill('santos@example.com');
  await paysThere(page);
  await seesItPaid(page);

  await goesToCheckout(page, 'BE', 'jeju-green-tea');
  await checksOut(page, { method: 'Bancontact', lastName: 'Peeters' });
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await confirms(page);
});

for (const { market, method, label, right } of ASKED) {
  test(`when I choose ${method} only there, the payment page asks for the missing ${label}`, async ({ page }) => {
    await goesToCheckout(page, market, 'jeju-green-tea');
    const sent = await checksOut(page, { method: 'Choose on the payment page' });
    expect(sent.has('force_payment_method')).toBe(false);
    await page.getByRole('radio', { name: method }).check();
    const field = page.getByRole('textbox', { name: label });
    await expect(field).toHaveValue('');
    await pressesPay(page);
    await expect(page).not.toHaveURL(/\/provider\//);
    await field.fill(right);
    await paysThere(page);
    await seesItPaid(page);
  });
}
