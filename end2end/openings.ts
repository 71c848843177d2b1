/** The three ways the checkout opens the Payment Page, in the same verbs. */
import { expect, type FrameLocator, type Page } from '@playwright/test';
import { fillsIn, goesToCheckout, pressesPay, type Answer, type Details, type Market } from './customer';

export const PRODUCT = 'Jeju green tea';

/** Where the Payment Page is, and then the wallet or bank. */
export type Place = Page | FrameLocator;

export interface Opening {
  code: 'redirect' | 'iframe' | 'popup';
  where: string;
  /** The shop's page stays while the customer pays. */
  isFramed: boolean;
  place(page: Page): Place;
  /** Closes it, whatever it shows. */
  closes(page: Page): Promise<void>;
  /** After a decline, as the customer will most likely do it. */
  leaves(page: Page): Promise<void>;
}

/** Nobody waits until it is closed: a tab that is just led on may answer that late, or never. */
export function closesTab(page: Page) {
  page.close().catch(() => {});
}

const frame = (page: Page) => page.frameLocator('iframe.ep-iframe');
const returns = (place: Place) => place.getByRole('link', { name: 'Return to shop' }).click();
const crosses = (page: Page) => page.locator('#ep-modal-close').click();

export const OPENINGS: Opening[] = [
  {
    code: 'redirect',
    where: 'in the tab',
    isFramed: false,
    place: (page) => page,
    closes: async (page) => closesTab(page),
    leaves: returns,
  },
  {
    code: 'iframe',
    where: 'inside the checkout',
    isFramed: true,
    place: frame,
    closes: (page) => page.getByRole('button', { name: 'Back to your details' }).click(),
    leaves: (page) => returns(frame(page)),
  },
  {
    code: 'popup',
    where: 'over the checkout',
    isFramed: true,
    place: frame,
    closes: crosses,
    leaves: crosses,
  },
];

export const opening = (code: Opening['code']) => OPENINGS.find((opening) => opening.code === code)!;

/** From the catalogue to a checkout that opens the Payment Page like this, all filled in. */
export async function entersDetails(page: Page, opening: Opening, { market, ...details }: Details & { market: Market }) {
  await goesToCheckout(page, market, 'jeju-green-tea');
  await comesBackToCheckout(page, opening, details);
}

export async function comesBackToCheckout(page: Page, opening: Opening, details: Details) {
  await page.goto(`/checkout?opening=${opening.code}`);
  if (opening.isFramed) await isReady(page);
  await fillsIn(page, details);
}

/** Before that, the button opens the Payment Page in the tab. */
export async function isReady(page: Page) {
  await expect(page.locator('script[src$="/shared/merchant.js"]')).toBeAttached();
}

/** Presses Pay; gives back what opens the Payment Page, once it is there. */
export async function opensPayment(page: Page, opening: Opening): Promise<URLSearchParams> {
  const answered = page.waitForResponse((response) => isPost(response) && new URL(response.url()).pathname === '/checkout');
  await pressesPay(page);
  const answer = await answered;
  const address: string = answer.headers().location ?? (await answer.json()).address;
  await expect(opening.place(page).getByText('no real money')).toBeVisible();
  return new URL(address).searchParams;
}

/** From the Payment Page to the wallet or bank. */
export async function confirmsThere(page: Page, opening: Opening) {
  const [pay, approve] = [/^Pay/, 'Approve'].map((name) => opening.place(page).getByRole('button', { name }));
  // A frame that just opened takes its page's height and is scrolled to: a press that comes meanwhile misses the button.
  await expect(async () => {
    if (await pay.isVisible()) await pay.click({ timeout: 2_000 });
    await expect(approve).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 20_000 });
}

/** At the wallet or bank. Done once it has the answer, whatever is shown then. */
export async function answersThere(page: Page, opening: Opening, answer: Answer) {
  const taken = page.waitForResponse((response) => isPost(response) && new URL(response.url()).pathname.startsWith('/provider/'));
  await opening.place(page).getByRole('button', { name: answer }).click();
  await taken;
}

export async function seesThere(page: Page, opening: Opening, result: 'Payment successful' | 'Payment declined') {
  await expect(opening.place(page).getByRole('heading', { level: 1 })).toHaveText(result);
}

/** What a screen reader says: nothing behind an overlay can be heard. */
export const said = (page: Page) => page.locator('[role="status"]:not([inert] *)');

export async function hears(page: Page, words: string | RegExp) {
  await expect(said(page)).toContainText(words);
}

const isPost = (response: { request(): { method(): string } }) => response.request().method() === 'POST';
