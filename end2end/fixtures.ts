/**
 * What every browser test starts from: a shop and a sandbox of its worker's own, and a browser
 * that fails the test on any error in its console.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export { expect };

const ROOT = resolve(import.meta.dirname, '..');

/** A shop with an empty database and the sandbox it pays through; `log` is what both wrote so far. */
export interface Stand {
  shop: string;
  sandbox: string;
  /** The shop's settings, for its commands. */
  settings: Record<string, string>;
  log: string[];
  /** kill −9 */
  killsShop: () => Promise<void>;
  /** With the same settings and the same database. */
  startsShop: () => Promise<void>;
}

interface TestFixtures {
  /** Names console errors the test provokes on purpose. */
  allowErrors: (pattern: RegExp) => void;
}

export const test = base.extend<TestFixtures, { stand: Stand; settings: Record<string, string> }>({
  /** The shop's, beside those a stand needs. */
  settings: [{}, { option: true, scope: 'worker' }],

  // One for each worker: no test file sees the faults or the clock another one has set.
  stand: [
    async ({ settings: more }, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'stand-'));
      const log: string[] = [];
      const programs: ChildProcess[] = [];
      try {
        // A copy: a build beside the tests takes nothing away from them.
        const site = join(folder, 'site');
        cpSync(process.env.LEPTOS_SITE_ROOT ?? join(ROOT, 'target/site'), site, { recursive: true });
        const shop = `http://127.0.0.1:${await freePort()}`;
        const twin = start('sandbox', ['--port', '0', '--data', join(folder, 'sandbox.db')], { CALLBACK_URL: `${shop}/callbacks` }, log);
        programs.push(twin);
        const sandbox = `http://localhost:${await printedPort(twin, log)}`;
        const settings = {
          SHOP_ADDR: new URL(shop).host,
          PUBLIC_URL: shop,
          METRICS_ADDR: 'off', // shops beside each other do not quarrel about it
          LEPTOS_SITE_ROOT: site,
          DATABASE_URL: `sqlite://${join(folder, 'shop.db')}`,
          PAYMENT_PAGE_URL: sandbox,
          GATE_URL: sandbox,
          DATA_API_URL: sandbox,
          ...more,
        };
        const startsShop = async () => {
          programs.unshift(start('storefront', [], settings, log));
          await answering(`${shop}/healthz`, programs[0], log);
        };
        const killsShop = async () => {
          const ended = once(programs[0], 'exit');
          programs[0].kill('SIGKILL');
          await ended;
        };
        await startsShop();
        await use({ shop, sandbox, settings, log, killsShop, startsShop });
      } finally {
        await Promise.all(programs.map(stop));
        rmSync(folder, { recursive: true, force: true });
      }
    },
    { scope: 'worker', timeout: 30_000 },
  ],

  baseURL: async ({ stand }, use) => use(stand.shop),

  allowErrors: async ({ context }, use) => use((pattern) => complaints.get(context)!.allowed.push(pattern)),

  // The context, not the page: a popup's errors count, too.
  context: async ({ context, stand }, use, testInfo) => {
    const said = stand.log.length;
    const found = listen(context);
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`content security policy: ${event.violatedDirective} forbids ${event.blockedURI}`),
      );
    });
    await use(context);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('shop and sandbox', { body: stand.log.slice(said).join('\n'), contentType: 'text/plain' });
    }
    expect(found.unexpected(), 'errors in the browser').toEqual([]);
  },
});

/** No violation of WCAG 2.2 AA, nor of what axe holds for good practice. By night only the colours are others. */
export async function expectAccessible(page: Page) {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
  await expectNoViolation(page, 'light', (axe) => axe.withTags(tags));
  await expectNoViolation(page, 'dark', (axe) => axe.withRules(['color-contrast', 'link-in-text-block']));
}

async function expectNoViolation(page: Page, colorScheme: 'light' | 'dark', choose: (axe: AxeBuilder) => AxeBuilder) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  // Legacy mode opens no window of its own for the result: twice as fast. It looks into no frame of another site;
  // what stands there has tests of its own. Preloading would ask that site for its style as a script does.
  const axe = new AxeBuilder({ page }).options({ preload: false }).setLegacyMode();
  const { violations } = await choose(axe).analyze();
  const where = violations.map(({ id, help, nodes }) => `${id}: ${help}, at ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  expect(where, `accessibility of ${page.url()} (${colorScheme})`).toEqual([]);
}

interface Complaints {
  allowed: RegExp[];
  unexpected: () => string[];
}

const complaints = new WeakMap<BrowserContext, Complaints>();

function listen(context: BrowserContext): Complaints {
  const said: { text: string; url: string }[] = [];
  const documents = new Set<string>();
  context.on('console', (message) => {
    if (message.type() === 'error') said.push({ text: message.text(), url: message.location().url });
  });
  context.on('weberror', (event) => said.push({ text: String(event.error()), url: event.page()?.url() ?? '' }));
  context.on('response', (response) => {
    if (response.request().isNavigationRequest()) documents.add(response.url());
  });
  const allowed: RegExp[] = [];
  // Chromium calls a page with status 404 or 422 an error; the test itself says which status is right.
  const isPage = (text: string, url: string) => text.startsWith('Failed to load resource: the server responded') && documents.has(url);
  const unexpected = () =>
    said
      .filter(({ text, url }) => !isPage(text, url) && !allowed.some((pattern) => pattern.test(text)))
      .map(({ text, url }) => `${text} (${url})`);
  const found = { allowed, unexpected };
  complaints.set(context, found);
  return found;
}

function start(name: string, args: string[], settings: Record<string, string>, log: string[]): ChildProcess {
  const path = join(process.env.PROGRAMS ?? join(ROOT, 'target/debug'), name);
  const child = spawn(path, args, { cwd: ROOT, env: { ...process.env, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => log.push(...text.trimEnd().split('\n').map((line) => `${name}: ${line}`)));
  }
  child.on('error', (error) => log.push(`${name}: ${error.message}; was it built? \`cargo xtask build\``));
  process.on('exit', () => child.kill('SIGKILL')); // a worker that breaks leaves nothing behind
  return child;
}

async function stop(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const impatient = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(impatient);
}

async function printedPort(sandbox: ChildProcess, log: string[]): Promise<string> {
  return soon('the sandbox did not say where it listens', sandbox, log, () => /listening on http:\/\/\S+:(\d+)/.exec(log.join('\n'))?.[1]);
}

async function answering(url: string, program: ChildProcess, log: string[]) {
  await soon(`${url} did not answer`, program, log, async () => (await fetch(url).catch(() => undefined))?.ok || undefined);
}

async function soon<T>(failure: string, program: ChildProcess, log: string[], look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const started = Date.now(); Date.now() - started < 20_000; ) {
    const found = await look();
    if (found !== undefined) return found;
    if (program.exitCode !== null || program.pid === undefined) break;
    await new Promise((resume) => setTimeout(resume, 25));
  }
  throw new Error(`${failure}\n${log.join('\n')}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
