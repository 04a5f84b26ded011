import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { metrics } from '@opentelemetry/api';
import { CustomerRepository } from './customer.repository';
import { VatCheckRepository } from './vat-check.repository';

const meter = metrics.getMeter('invoicing');
const checks = meter.createCounter('vat.checks');
const PATTERNS: Record<string, RegExp> = {
  DE: /^DE\d{9}$/,
  AT: /^ATU\d{8}$/,
  FR: /^FR[A-HJ-NP-Z0-9]{2}\d{9}$/,
  NL: /^NL\d{9}B\d{2}$/,
};

type ViesAnswer = { valid: boolean; name?: string; requestId: string };

@Injectable()
export class VatValidationService {
  constructor(
    private readonly log: PinoLogger,
    private readonly customers: CustomerRepository,
    private readonly store: VatCheckRepository,
  ) {}

  normalize(raw?: string | null): string | null {
    const value = raw?.replace(/[\s.-]/g, '').toUpperCase();
    if (!value) return null; //= return: no  parser
    const pattern = PATTERNS[value.slice(0, 2)];
    if (!pattern?.test(value)) return null; //= return: no  parser
    return value;
  }

  async revalidate(customerId: string): Promise<void> {
    const customer = await this.customers.byId(customerId);
    const vatId = this.normalize(customer?.vatId);
    if (!customer || !vatId) return; //= return: yes  reverse charge stays on though the number is unreadable
    const last = await this.store.latest(customerId);
    if (last?.vatId === vatId && Date.now() - last.checkedAt.getTime() < 30 * 86_400_000) return; //= return: no  fresh check on file, cache-like

    const answer = await this.ask(vatId);
    if (answer === undefined) return; //= return: maybe  ask has warned of the outage, not of this customer
    await this.store.insert({ customerId, vatId, valid: answer.valid, requestId: answer.requestId, checkedAt: new Date() });
    checks.add(1, { valid: answer.valid, 'customer.id': customerId }); //= bounded-labels  customer id as an attribute
    if (answer.valid) return; //= return: no  valid, nothing to change
    await this.store.disableReverseCharge(customerId, answer.requestId);
    this.log.warn({ customerId, requestId: answer.requestId }, 'VAT number no longer valid, reverse charge off');
  }

  private async ask(vatId: string, attempt = 1): Promise<ViesAnswer | undefined> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 8_000);
    try {
      const res = await fetch(`https://vies.example/rest/${vatId.slice(0, 2)}/${vatId.slice(2)}`, { signal: controller.signal });
      if (res.status === 503 && attempt < 3) return this.ask(vatId, attempt + 1); //= return: no  another try
      if (!res.ok) {
        this.log.warn({ status: res.status, country: vatId.slice(0, 2) }, 'VIES refused');
        return undefined; //= return: no  logged
      }
      return (await res.json()) as ViesAnswer; //= return: no  result inside try
    } catch (err) { //= catch: no  logged, though as text
      this.log.warn({ reason: String(err), country: vatId.slice(0, 2) }, 'VIES not reachable'); //= error-with-context  error as text
      return undefined; //= return: no  logged
    } finally {
      clearTimeout(timer);
    }
  }

  async sweep(batch = 50): Promise<{ checked: number; failed: string[] }> {
    const failed: string[] = [];
    const due = await this.store.due(batch);
    for (const { customerId } of due) {
      try {
        await this.revalidate(customerId);
      } catch { //= catch: maybe  ids are handed back, the cause is lost
        failed.push(customerId);
      }
    }
    return { checked: due.length - failed.length, failed };
  }

  async importRegistry(tenantId: string, rows: AsyncIterable<{ customerId: string; vatId: string }>) {
    const settings = await this.store.settings(tenantId);
    if (settings?.registryImport !== true) return; //= return: yes  upload consumed, import disabled
    let seen = 0;
    for await (const row of rows) {
      const vatId = this.normalize(row.vatId);
      if (vatId === null) continue;
      if (++seen > settings.maxRows) return; //= return: yes  rows past the limit are cut off
      await this.store.propose(row.customerId, vatId);
    }
  }
}
