/** What the platform's twin is told through its control addresses. */
import type { APIRequestContext, APIResponse } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect, type Stand } from './fixtures';

export { expect };

/** The sandbox's project and keys, as the source has them. */
const source = readFileSync(join(import.meta.dirname, '../src/protocol/sandbox.rs'), 'utf8');
const constant = (pattern: RegExp) => pattern.exec(source)![1];
export const PROJECT_ID = Number(constant(/PROJECT_ID: u64 = (\d+)/));
export const PROJECT_SECRET = constant(/PROJECT_SECRET: &str = "([^"]+)"/);
export const PREVIOUS_SECRET = constant(/PREVIOUS_SECRET: &str = "([^"]+)"/);

/** A test that may make the platform misbehave; afterwards it behaves again. */
export const test = base.extend<{ platform: Platform }>({
  platform: async ({ request, stand }, use) => {
    const platform = new Platform(request, stand);
    await use(platform);
    await platform.behaves();
  },
});

export interface Payment {
  payment_id: string;
  status: string;
  operations: { id: number; type: string; status: string }[];
  callbacks: { url: string; body: string; attempts: { http_status: number | null }[] }[];
}

class Platform {
  constructor(
    private readonly request: APIRequestContext,
    private readonly stand: Stand,
  ) {}

  /** All other faults are at rest then. */
  async misbehaves(faults: object) {
    await this.answered(this.request.put(`${this.stand.sandbox}/control/faults`, { data: faults }));
  }

  async behaves() {
    await this.answered(this.request.delete(`${this.stand.sandbox}/control/faults`));
  }

  /** Moves the clock; what falls due on the way is sent before this returns. */
  async waits(seconds: number) {
    await this.answered(this.request.post(`${this.stand.sandbox}/control/clock`, { data: { advance_s: seconds } }));
  }

  async sendsCallbacksAgain(paymentId: string) {
    await this.answered(this.request.post(`${this.stand.sandbox}/control/payments/${paymentId}/callbacks`));
  }

  async payment(paymentId: string): Promise<Payment> {
    return this.answered(this.request.get(`${this.stand.sandbox}/control/payments/${paymentId}`));
  }

  private async answered(asked: Promise<APIResponse>) {
    const answer = await asked;
    expect(answer.status()).toBe(200);
    return answer.json();
  }
}
