/** Into the back office: password, second factor, roles at the door, and what was typed too late. */
import { test, expect, expectAccessible } from '../fixtures';
import { codeOf, entersPassword, inOneHalfMinute, operatorOf, signsIn } from '../office';

test('an operator signs in, and what nobody may see is not shown before', async ({ page, stand }) => {
  await page.goto('/admin/operators');
  await expect(page).toHaveURL('/admin/sign-in?next=%2Fadmin%2Foperators');
  await expectAccessible(page);
  const account = operatorOf(stand, 'owner');
  await entersPassword(page, { ...account, password: 'not the password at all' });
  await expect(page.getByRole('alert')).toContainText('do not belong together');
  await expect(page.getByRole('textbox', { name: 'Email' })).toHaveValue(account.email);
  await expectAccessible(page);

  await entersPassword(page, account);
  await expect(page).toHaveURL('/admin/operators');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto('/admin/operators');
  await expect(page).toHaveURL(/sign-in/);
});

test('a second factor is set up, asked for, taken once, and replaced by a recovery code', async ({ page, stand }) => {
  const account = operatorOf(stand, 'finance', 'careful');
  await signsIn(page, account);
  await page.goto('/admin/account');
  await expectAccessible(page);
  const key = await page.locator('.key code').innerText();
  await inOneHalfMinute();
  const setUp = async (code: string) => {
    await page.getByLabel('Code from the authenticator').fill(code);
    await page.getByLabel('Your password, once more').fill(account.password);
    await page.getByRole('button', { name: 'Set up' }).click();
  };
  await setUp('000000');
  await expect(page.getByText('This code is not right')).toBeVisible();
  expect(await page.locator('.key code').innerText(), 'the key stays the same until it is set up').toBe(key);
  await setUp(codeOf(key, -1));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The second factor is set up');
  await expectAccessible(page);
  const recovery = await page.locator('.recovery-codes code').allInnerTexts();
  expect(new Set(recovery).size).toBe(10);

  const asksForCode = async () => {
    await page.goto('/admin/account');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await entersPassword(page, account);
    await expect(page).toHaveURL('/admin/sign-in/code');
  };
  const verify = async (code: string) => {
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Verify' }).click();
  };
  await asksForCode();
  await expectAccessible(page);
  await page.goto('/admin/account');
  await expect(page, 'a password alone opens nothing').toHaveURL(/sign-in\?next/);
  await entersPassword(page, account);
  await verify(codeOf(key));
  await expect(page).toHaveURL('/admin/account');

  await asksForCode();
  await verify(codeOf(key));
  await expect(page.getByText('used already')).toBeVisible();
  await verify(recovery[0].toLowerCase());
  await expect(page).not.toHaveURL(/sign-in/);

  await asksForCode();
  await verify(recovery[0]);
  await expect(page.getByText('used already')).toBeVisible();
  await verify(codeOf(key, 1));
  await expect(page).not.toHaveURL(/sign-in/);
});

test('an owner adds an operator, who sees what the role allows and nothing else', async ({ page, stand, browser }) => {
  const owner = operatorOf(stand, 'owner');
  await signsIn(page, owner);
  await page.goto('/admin/operators');
  const form = page.locator('form[action="/admin/operators"]');
  await form.getByLabel('Email').fill('new@shop.example');
  await form.getByLabel('Role').selectOption('viewer');
  await form.getByRole('button').click();
  await expect(form.getByLabel('Password'), 'the browser asks for it').toBeFocused();
  await form.getByLabel('Password').fill(owner.password);
  await form.getByRole('button').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Operator added');
  await expectAccessible(page);
  const invitation = await page.locator('.key code').innerText();

  const other = await browser.newContext({ baseURL: stand.shop });
  const theirs = await other.newPage();
  const invited = { email: 'new@shop.example', password: 'another lantern over other stones' };
  await theirs.goto(new URL(invitation).pathname);
  await expectAccessible(theirs);
  await theirs.getByLabel('New password').fill('short');
  await theirs.getByRole('button', { name: 'Set the password' }).click();
  await expect(theirs.getByText('a password has at least 15 characters')).toBeVisible();
  await theirs.getByLabel('New password').fill(invited.password);
  await theirs.getByRole('button', { name: 'Set the password' }).click();
  await expect(theirs).toHaveURL(/sign-in/);
  await entersPassword(theirs, invited);
  await expect(theirs).not.toHaveURL(/sign-in/);
  await theirs.goto(new URL(invitation).pathname);
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('This invitation is over');
  await expectAccessible(theirs);
  const refused = await theirs.goto('/admin/operators');
  expect(refused!.status()).toBe(403);
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Not with your role');
  await expectAccessible(theirs);

  // Another role is another session.
  await page.goto('/admin/operators');
  const row = page.getByRole('listitem').filter({ hasText: 'new@shop.example' });
  await row.getByText('Change').click();
  await row.getByLabel('Role').selectOption('support');
  await row.getByLabel('Password').first().fill(owner.password);
  await row.getByRole('button', { name: 'Give this role' }).click();
  await expect(row.locator('.role')).toHaveText('support');
  await theirs.goto('/admin/account');
  await expect(theirs).toHaveURL(/sign-in/);
  await other.close();
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('what was typed comes back after a session that was over', async ({ page, stand, browser }) => {
    const owner = operatorOf(stand, 'owner');
    await signsIn(page, owner);
    await page.goto('/admin/operators');
    const form = page.locator('form[action="/admin/operators"]');
    await form.getByLabel('Email').fill('late@shop.example');
    await form.getByLabel('Role').selectOption('finance');
    await form.getByLabel('Password').fill(owner.password);

    const elsewhere = await browser.newContext({ baseURL: stand.shop });
    const other = await elsewhere.newPage();
    await signsIn(other, owner);
    await other.goto('/admin/account');
    await other.getByRole('button', { name: 'Sign out everywhere' }).click();
    await elsewhere.close();

    await form.getByRole('button').click();
    await expect(page.getByRole('alert')).toContainText('nothing was done');
    await entersPassword(page, owner);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are back');
    await expect(page.getByText('late@shop.example')).toBeVisible();
    await expect(page.getByText(owner.password), 'a password is kept nowhere').toHaveCount(0);
    await page.getByRole('button', { name: 'Go on with it' }).click();
    await expect(form.getByLabel('Email'), 'only the confirmation is missing').toHaveValue('late@shop.example');
    await expect(form.getByText('This is needed')).toBeVisible();
  });
});
