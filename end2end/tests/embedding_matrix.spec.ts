/** Every method, opening and end of a payment, with and without third-party cookies: shop and platform are two sites. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Page } from '@playwright/test';
import { orderAddress, seesItNotPaid, seesItPaid, seesStatus, WAYS, type Details } from '../customer';
import {
  answersThere,
  closesTab,
  comesBackToCheckout,
  confirmsThere,
  entersDetails,
  hears,
  OPENINGS,
  opensPayment,
  PRODUCT,
  seesThere,
} from '../openings';
import { statusOf } from '../program';
import { expect, test } from '../third_party_cookies';

for (const thirdPartyCookies of ['allowed', 'blocked'] as const) {
  test.describe(`With third-party cookies ${thirdPartyCookies}`, () => {
    test.use({ thirdPartyCookies });

    test(`a page in another site’s frame ${thirdPartyCookies === 'allowed' ? 'keeps' : 'gets no'} cookies`, async ({ page }) => {
      const site = await servesFrames();
      const kept = thirdPartyCookies === 'allowed' ? 'by header; by script' : '';
      for (const sent of ['', kept]) {
        await page.goto(`http://127.0.0.1:${site.port}/around`);
        const frame = page.frameLocator('iframe');
        await expect(frame.getByTestId('sent')).toHaveText(sent);
        await expect(frame.getByTestId('readable')).toHaveText(kept);
      }
      site.server.close();
      site.server.closeAllConnections();
    });

    for (const opening of OPENINGS) {
      for (const way of WAYS) {
        test.describe(`I open ${way.method} ${opening.where}`, () => {
          test.beforeEach(async ({ page }) => entersDetails(page, opening, way));

          test('and approve: I am led to my order, and it is paid', async ({ page }) => {
            const order = orderAddress(await opensPayment(page, opening));
            await confirmsThere(page, opening);
            await answersThere(page, opening, 'Approve');
            await expect(page).toHaveURL(order);
            await seesItPaid(page);
          });

          test('and decline: I see that, leave for my order, and still have my cart', async ({ page }) => {
            const order = orderAddress(await opensPayment(page, opening));
            await confirmsThere(page, opening);
            await answersThere(page, opening, 'Decline');
            await seesThere(page, opening, 'Payment declined');
            if (opening.isFramed) await hears(page, 'This payment did not go through');
            await opening.leaves(page);
            await expect(page).toHaveURL(order);
            await seesStatus(page, 'decline');
            await expect(page.getByRole('heading', { level: 1 })).toContainText('declined');
            await seesItNotPaid(page);
            await page.goto('/cart');
            await expect(page.getByRole('main').getByRole('link', { name: PRODUCT })).toBeVisible();
          });

          test('and close it undecided: nothing is lost, and Pay opens the same payment', async ({ page: first, newTab }) => {
            const before = await opensPayment(first, opening);
            await confirmsThere(first, opening);
            await opening.closes(first);
            if (opening.isFramed) {
              await hears(first, 'The payment page is closed');
              await expect(first.getByRole('button', { name: /^Pay/ })).toBeFocused();
              await expectStillTyped(first, way);
            }

            const order = await newTab();
            await order.goto(orderAddress(before));
            await seesItNotPaid(order);
            await order.close();

            const page = opening.isFramed ? first : await newTab();
            if (!opening.isFramed) await comesBackToCheckout(page, opening, way);
            const after = await opensPayment(page, opening);
            expect(after.get('payment_id')).toBe(before.get('payment_id'));
            expect(orderAddress(after)).toBe(orderAddress(before));
            await answersThere(page, opening, 'Approve'); // the platform knows it and leads on to the wallet
            await expect(page).toHaveURL(orderAddress(before));
            await seesItPaid(page);
          });

          test('and close it just approved: my order is paid as soon as the shop hears of it', async ({ page, newTab, platform }) => {
            await platform.misbehaves({ drop: 1 }); // word of it would lead me away before I close anything
            const payment = await opensPayment(page, opening);
            await confirmsThere(page, opening);
            await page.clock.install();
            await page.clock.pauseAt(Date.now() + 60_000); // and so would the result's own way back
            await answersThere(page, opening, 'Approve');
            await seesThere(page, opening, 'Payment successful');
            await opening.closes(page);

            const order = await newTab();
            await order.goto(orderAddress(payment));
            await seesItNotPaid(order);
            await order.clock.resume();
            await platform.sendsCallbacksAgain(payment.get('payment_id')!);
            await seesItPaid(order);
            if (opening.isFramed) await seesItPaid(page);
          });

          test('and never come back once approved: anyone with the address sees it paid', async ({ page, request }) => {
            const order = orderAddress(await opensPayment(page, opening));
            await confirmsThere(page, opening);
            await answersThere(page, opening, 'Approve');
            closesTab(page);
            await expect.poll(() => statusOf(request, order)).toBe('success'); // without a cookie
          });
        });
      }
    }
  });
}

async function expectStillTyped(page: Page, { method, email, lastName }: Details) {
  await expect(page.getByRole('radio', { name: method })).toBeChecked();
  if (email !== undefined) await expect(page.getByRole('textbox', { name: 'Email' })).toHaveValue(email);
  if (lastName !== undefined) await expect(page.getByRole('textbox', { name: 'Last name' })).toHaveValue(lastName);
}

/** On 127.0.0.1 a page around a frame; on localhost, another site, the framed page: it sets two cookies and shows which it has. */
async function servesFrames(): Promise<{ server: Server; port: number }> {
  const cookie = (how: string) => `${how.replace(' ', '-')}=1; SameSite=None; Secure`;
  const server = createServer(({ url, headers }, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    const head = '<!DOCTYPE html><title>Frames</title><link rel="icon" href="data:,">';
    if (url === '/around') return response.end(`${head}<iframe src="http://localhost:${port}/framed"></iframe>`);
    const named = (cookies: string) => cookies.replaceAll('=1', '').replaceAll('-', ' ');
    response.setHeader('Set-Cookie', cookie('by header'));
    response.end(`${head}<p data-testid="sent">${named(headers.cookie ?? '')}</p><p data-testid="readable"></p>
      <script>
        document.cookie = '${cookie('by script')}';
        document.querySelector('[data-testid=readable]').textContent = (${named})(document.cookie);
      </script>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, port };
}
