import { logger } from './logger';
import { db } from './db';
import { providerState } from '../plugins/metrics';

export interface Provider<M> {
  readonly name: 'ses' | 'postmark' | 'twilio' | 'vonage';
  send(message: M): Promise<{ id: string }>;
  healthy?(): Promise<boolean>;
}

type Attempt = { provider: string; error: unknown };
type SendResult = { ok: true; id: string; provider: string } | { ok: false; attempts: Attempt[] };

const isRetryable = (err: any): boolean => {
  if (err?.name === 'AbortError' || err?.code === 'ECONNRESET') return true; //= return: no  predicate
  const status = err?.statusCode ?? err?.response?.status;
  if (typeof status !== 'number') return false; //= return: no  predicate
  return status === 429 || status >= 500;
};

export class Failover<M extends { id: string }> {
  private readonly down = new Map<string, number>();
  private readonly log = logger.child({ component: 'failover' });
  private probing = false;

  constructor(private readonly providers: Provider<M>[], private readonly coolDownMs = 60_000) {}

  async send(message: M): Promise<SendResult> {
    const attempts: Attempt[] = [];
    for (const provider of this.candidates()) {
      try {
        const { id } = await provider.send(message);
        return { ok: true, id, provider: provider.name }; //= return: no  success
      } catch (error) { //= catch: no  the error is handed back with the attempts
        attempts.push({ provider: provider.name, error });
        if (!isRetryable(error)) return { ok: false, attempts }; //= return: no  carries the errors
        this.trip(provider.name, message.id);
      }
    }
    return { ok: false, attempts };
  }

  private candidates(): Provider<M>[] {
    const now = Date.now();
    const up = this.providers.filter((p) => (this.down.get(p.name) ?? 0) < now);
    if (up.length) return up; //= return: no  pure choice
    return this.providers.slice(0, 1);
  }

  private trip(name: string, messageId: string) {
    if (this.down.has(name)) return; //= return: no  tripped before
    this.down.set(name, Date.now() + this.coolDownMs);
    providerState.set({ provider: name }, 0);
    this.log.warn('provider ' + name + ' tripped by ' + messageId); //= structured-event  concatenated message
  }

  probe = async (): Promise<void> => {
    if (this.probing) return; //= return: no  a probe is running, the next tick follows soon
    this.probing = true;
    try {
      for (const provider of this.providers) {
        if (!this.down.has(provider.name)) continue;
        const up = (await provider.healthy?.().catch(() => false)) ?? true; //= catch: yes  why a provider stays down is lost
        if (!up) return; //= return: yes  stops before the other providers are probed
        this.down.delete(provider.name);
        providerState.set({ provider: provider.name }, 1);
      }
    } finally {
      this.probing = false;
    }
  };

  async restore(): Promise<void> {
    const rows = await db.providerOutage.findMany({ where: { endedAt: null } }).catch(() => undefined); //= catch: yes  known outages forgotten after a restart, unseen
    if (!rows) return; //= return: yes  starts without the known outages and says nothing
    for (const row of rows) {
      if (row.manual && !this.providers.some((p) => p.name === row.provider)) continue;
      this.down.set(row.provider, row.until?.getTime() ?? Date.now() + this.coolDownMs);
    }
  }

  async disable(name: string, actorId: string): Promise<boolean> {
    const provider = this.providers.find((p) => p.name === name);
    if (!provider) return false; //= return: no  unknown name, the caller's route answers 404
    const alternatives = await Promise.all(this.providers.filter((p) => p !== provider).map((p) => p.healthy?.() ?? true));
    if (!alternatives.some(Boolean)) return false; //= return: yes  refused to keep one provider up, a bare false
    this.down.set(name, Number.POSITIVE_INFINITY);
    await db.providerOutage.create({ data: { provider: name, manual: true, actorId } });
    return true;
  }
}
