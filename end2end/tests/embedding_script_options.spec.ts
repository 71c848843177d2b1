/** What a shop may ask of the embedding script, each option signed with all else by the platform's own package. */
import { type Page } from '@playwright/test';
import { signer } from 'ecommpay';
import { PROJECT_SECRET } from '../platform';
import { called, expect, inside, test } from './embedding_script_shop';

type Config = Record<string, string>;

/** The shop's payment with these options in place of its target. */
async function configWith(page: Page, options: Config): Promise<Config> {
  const { signature: _, target_element: __, ...payment } = await page.evaluate(() => window.config);
  const config = { ...payment, ...options };
  return { ...config, signature: signer(config, PROJECT_SECRET) };
}

async function runs(page: Page, options: Config) {
  await page.evaluate((config) => window.run('get', config), await configWith(page, options));
}

const isLoaded = (page: Page) => expect.poll(() => called(page)).toContain('onLoaded');

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.shop);
});

test('a target may be given as an element, which is not sent', async ({ page }) => {
  await page.evaluate(
    (config) => window.run('post', { ...config, target_element: document.getElementById('payment') }),
    await configWith(page, {}),
  );
  await isLoaded(page);
  await expect(page.locator('#payment .ep-iframe')).toBeVisible();
  await expect((await inside(page)).getByRole('heading', { level: 1 })).toHaveText(/^Pay/);
});

test('a target that is not there is an error, and nothing opens', async ({ page }) => {
  const said = await page.evaluate(
    (config) => {
      try {
        window.run('get', { ...config, target_element: 'nowhere' });
        return 'nothing';
      } catch (error) {
        return String(error);
      }
    },
    await configWith(page, {}),
  );
  expect(said).toContain('Invalid target_element');
  await expect(page.locator('.ep-iframe')).toHaveCount(0);
});

test('an overlay has the classes the shop asks for, and its frame may take payments', async ({ page }) => {
  await runs(page, { css_modal_wrap: 'wide  quiet' });
  await isLoaded(page);
  await expect(page.locator('#ep-modal-wrap')).toHaveClass('wide quiet');
  await expect(page.locator('.ep-iframe')).toHaveAttribute('allow', 'payment');
});

for (const [asked, remaining] of [
  ['1', 0],
  ['0', 1],
] as const) {
  test(`a press beside the overlay ${remaining ? 'leaves it open' : 'closes it'} with close_on_missclick=${asked}`, async ({ page }) => {
    await runs(page, { close_on_missclick: asked });
    await isLoaded(page);
    await page.locator('#ep-modal-container').click({ position: { x: 3, y: 3 } });
    await expect(page.locator('.ep-iframe')).toHaveCount(remaining);
  });
}

test.describe('On a telephone', () => {
  test.use({ userAgent: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36', isMobile: true });

  test('the Payment Page takes the tab if the shop asks for that', async ({ page, stand }) => {
    await runs(page, { redirect_on_mobile: '1' });
    await expect(page).toHaveURL((url) => url.origin === stand.sandbox && url.pathname === '/payment');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Pay/);
  });
});

test('a payment that is refused speaks up: no shop waits in vain', async ({ page }) => {
  const { signature: _, ...config } = await configWith(page, {});
  await page.evaluate((config) => window.run('get', config), config);
  await isLoaded(page);
  await expect((await inside(page)).getByRole('heading', { level: 1 })).toHaveText('This payment cannot be opened');
});
