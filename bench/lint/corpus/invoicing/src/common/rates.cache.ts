import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { XMLParser } from 'fast-xml-parser';
import { RateRepository } from './rate.repository';

type Rates = ReadonlyMap<string, number>;

@Injectable()
export class RatesCache implements OnApplicationBootstrap {
  private readonly logger = new Logger(RatesCache.name);
  private rates: Rates = new Map([['EUR', 1]]);
  private loadedAt = 0;
  private inflight?: Promise<Rates>;

  constructor(private readonly repo: RateRepository) {}

  async onApplicationBootstrap() {
    try {
      this.rates = await this.repo.latest();
    } catch (err) { //= catch: yes  the service starts with the euro alone and says nothing
      this.rates = new Map([['EUR', 1]]);
    }
  }

  convert(cents: number, from: string, to: string): number | undefined {
    if (from === to || cents === 0) return cents; //= return: no  pure computation
    const a = this.rates.get(from);
    const b = this.rates.get(to);
    if (!a || !b) return undefined; //= return: no  pure computation
    return Math.round((cents / a) * b);
  }

  get stale(): boolean {
    if (!this.loadedAt) return true; //= return: no  predicate
    return Date.now() - this.loadedAt > 36 * 3_600_000;
  }

  load = (): Promise<Rates> => {
    if (this.inflight) return this.inflight; //= return: no  shared flight, cache hit
    this.inflight = this.fetchDaily().finally(() => {
      this.inflight = undefined;
    });
    return this.inflight;
  };

  @Interval(3_600_000)
  async refresh() {
    if (!this.stale) return; //= return: no  still fresh
    const next = await this.load().catch((err: Error) => { //= catch: no  logged, as text
      this.logger.error('Could not load exchange rates', err.message); //= error-with-context  message in place of the stack
      return undefined;
    });
    if (!next) return; //= return: no  the handler above has logged
    if (next.size < 20) return; //= return: yes  suspicious feed dropped, rates stay stale silently

    this.rates = next;
    this.loadedAt = Date.now();
    await this.repo.store(next, new Date());
  }

  private async fetchDaily(): Promise<Rates> {
    const res = await fetch('https://rates.example/daily.xml');
    if (!res.ok) throw new Error(`rates feed answered ${res.status}`);
    const doc = new XMLParser({ ignoreAttributes: false }).parse(await res.text());
    const cube = doc?.Envelope?.Cube?.Cube;
    if (!cube) return new Map(); //= return: no  parser, the caller checks the size
    const pairs = (cube.Cube as Array<Record<string, string>>).flatMap((c): Array<[string, number]> => {
      const rate = Number(c['@_rate']);
      if (!Number.isFinite(rate)) return []; //= return: no  array callback of a parser
      return [[c['@_currency'], rate]];
    });
    return new Map([['EUR', 1], ...pairs]);
  }
}
