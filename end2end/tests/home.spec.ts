import { expect, test } from '../fixtures';

test('the front page opens without an error @phone', async ({ page }) => {
  const answer = await page.goto('/');
  expect(answer?.status()).toBe(200);
});
