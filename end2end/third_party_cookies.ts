/** A browser that keeps third-party cookies, and a way to forbid them: all others only differ in their default. */
import { type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from './platform';

export { expect } from './platform';

export type ThirdPartyCookies = 'allowed' | 'blocked';

export const test = base.extend<{ thirdPartyCookies: ThirdPartyCookies; newTab: () => Promise<Page> }>({
  thirdPartyCookies: ['allowed', { option: true }],

  // Debian's chromium blocks them unless its profile says otherwise, and takes a profile only like this.
  browser: [
    async ({ playwright }, use) => {
      const profile = mkdtempSync(join(tmpdir(), 'profile-'));
      mkdirSync(join(profile, 'Default'));
      const preferences = { profile: { block_third_party_cookies: false, cookie_controls_mode: 0 } };
      writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(preferences));
      const own = await playwright.chromium.launchPersistentContext(profile);
      await use(own.browser()!);
      await own.close();
      rmSync(profile, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  newTab: async ({ context, thirdPartyCookies }, use) =>
    use(async () => {
      const page = await context.newPage();
      if (thirdPartyCookies === 'blocked') await blocksThirdPartyCookies(page);
      return page;
    }),

  page: async ({ newTab }, use) => use(await newTab()),
});

/** In all frames of the page, for as long as it is open. */
async function blocksThirdPartyCookies(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCookieControls', { enableThirdPartyCookieRestriction: true });
}
