/** Tokens for programs: made by an owner, shown once, used, revoked. */
import { test, expect, expectAccessible } from '../fixtures';
import { operatorOf, sideways, signsIn } from '../office';

test('an owner makes a token, a program reads with it, and revoked it opens nothing', async ({ page, stand, request }) => {
  const owner = operatorOf(stand, 'owner');
  await signsIn(page, owner);
  await page.goto('/admin/operators');
  await page.getByRole('link', { name: 'Tokens for programs' }).click();
  await expect(page.getByText('No token was made yet.')).toBeVisible();
  await expectAccessible(page);

  const make = async (name: string, password: string) => {
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Make token' }).click();
  };
  await make('book-keeping', 'not the password at all');
  await expect(page.getByText('This password is not right')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('book-keeping');
  await expectAccessible(page);

  await make('book-keeping', owner.password);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Token made');
  await expectAccessible(page);
  const token = await page.locator('code.api-token').innerText();
  await expect(page.locator('.example')).toContainText(`Bearer ${token}`);
  const interval = { from: '2020-01-01', to: '2020-12-31' };
  const asks = () => request.post('/api/operations', { data: { token, interval } });
  const answer = await asks();
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toEqual({ operations: [], total: 0, next: null });

  await page.getByRole('link', { name: 'All tokens' }).click();
  await expect(page.getByRole('row', { name: /book-keeping/ })).toContainText(owner.email);
  await expect(page.locator('body')).not.toContainText(token);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sideways(page)).toEqual([]);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Revoke book-keeping' }).click();
  await expect(page.getByRole('row', { name: /book-keeping/ })).toContainText('revoked');
  expect((await asks()).status()).toBe(401);
  await expectAccessible(page);
});

test('finance neither sees nor makes tokens', async ({ page, stand }) => {
  await signsIn(page, operatorOf(stand, 'finance'));
  expect((await page.goto('/admin/tokens'))!.status()).toBe(403);
});
