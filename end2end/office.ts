/** What an operator does, in the operator's verbs. */
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Stand } from './fixtures';

export type Role = 'viewer' | 'support' | 'finance' | 'owner';

export interface Account {
  email: string;
  password: string;
}

const PASSWORD = 'quiet lantern over harbour stones';
const added = new Map<string, Account>();

/** Adds an operator of this role by command, once a stand; `who` tells two of one role from each other. */
export function operatorOf(stand: Stand, role: Role, who: string = role): Account {
  const key = `${stand.shop} ${who}`;
  const known = added.get(key);
  if (known) return known;
  const account = { email: `${who}@shop.example`, password: PASSWORD };
  storefront(stand, ['operator', 'add', account.email, '--role', role], PASSWORD);
  added.set(key, account);
  return account;
}

/** `storefront …` with the settings of a stand. */
export function storefront(stand: Stand, args: string[], input = ''): string {
  const program = join(process.env.PROGRAMS ?? resolve(import.meta.dirname, '../target/debug'), 'storefront');
  return execFileSync(program, args, { input, env: { ...process.env, ...stand.settings }, encoding: 'utf8' });
}

/** Fills the stand's database with orders that nobody placed. */
export function makesUpOrders(stand: Stand, orders: number) {
  const program = join(process.env.PROGRAMS ?? resolve(import.meta.dirname, '../target/debug'), 'bench');
  execFileSync(program, ['orders', stand.settings.DATABASE_URL!.replace('sqlite://', ''), `${orders}`]);
}

/** From whatever page to the back office. */
export async function signsIn(page: Page, { email, password }: Account) {
  await page.goto('/admin/sign-in');
  await entersPassword(page, { email, password });
  await expect(page).not.toHaveURL(/sign-in/);
}

/** Where the page asks who it is. */
export async function entersPassword(page: Page, { email, password }: Account) {
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** What is wider than the screen, or than the region it scrolls in. */
export function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('.table-region')]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => `${element.getAttribute('aria-label') ?? 'the page'}: ${element.scrollWidth} of ${element.clientWidth}`),
  );
}

/** The code an authenticator shows for this key, `late` half minutes from now (RFC 6238). */
export function codeOf(key: string, late = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + late));
  const digest = createHmac('sha1', decodeBase32(key)).update(counter).digest();
  const offset = digest[digest.length - 1] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function decodeBase32(key: string): Buffer {
  const bits = [...key.replace(/\s|=/g, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'));
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** Waits until no half minute ends soon: codes that are computed now still fit when they arrive. */
export async function inOneHalfMinute() {
  await expect.poll(() => Date.now() % 30_000 < 15_000, { timeout: 20_000 }).toBe(true);
}
