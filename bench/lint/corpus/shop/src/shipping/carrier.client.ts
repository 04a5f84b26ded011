import { Injectable, Logger, ServiceUnavailableException } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { trace } from '@opentelemetry/api';
import { z } from 'zod';
import { CacheService } from '../common/cache.service';

const Rate = z.object({ service: z.string(), cents: z.number(), days: z.number().optional() });
export type Rate = z.infer<typeof Rate>;

@Injectable()
export class CarrierClient {
  private readonly logger = new Logger(CarrierClient.name);
  private readonly tracer = trace.getTracer('shipping');

  constructor(
    private readonly config: ConfigService,
    private readonly cache: CacheService,
  ) {}

  async rates(zip: string, country: string, grams: number): Promise<Rate[]> {
    if (grams <= 0) return []; //= return: no  guard on the parameter
    const key = `rates:${country}:${zip}:${Math.ceil(grams / 500)}`;
    const cached = await this.cache.get<Rate[]>(key);
    if (cached?.length) {
      return cached; //= return: no  cache hit
    }

    return this.tracer.startActiveSpan('carrier.rates', async (span) => {
      try {
        const json = await this.request('/rates', { zip, country, grams });
        const rates = z.array(Rate).parse(json);
        await this.cache.set(key, rates, 3600);
        return rates; //= return: no  result
      } catch (err) { //= catch: no  recorded on the span
        span.recordException(err as Error);
        return [{ service: 'standard', cents: 590 }]; //= return: no  fallback, recorded on the span
      } finally {
        span.end();
      }
    });
  }

  async createLabel(shipmentId: string, payload: Record<string, unknown>): Promise<{ trackingCode: string; url: string }> {
    try {
      return (await this.request('/labels', { ...payload, reference: shipmentId })) as { trackingCode: string; url: string }; //= return: no  result
    } catch (err) { //= catch: no  logged and rethrown with cause
      this.logger.error({ err, shipmentId }, 'label could not be created'); //= no-double-report  logged as error and thrown on
      throw new ServiceUnavailableException('Carrier is not available', { cause: err });
    }
  }

  track(trackingCode: string) {
    return this.request('/track', { trackingCode }) as Promise<{ state: string; at: Date }>;
  }

  private async request(path: string, body: unknown): Promise<unknown> {
    const apiKey = this.config.getOrThrow<string>('carrier.apiKey');
    const response = await fetch(new URL(path, this.config.get('carrier.url')), {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(3000),
    });
    if (!response.ok) {
      throw new Error(`Carrier answered ${response.status} for key ${apiKey}`); //= no-sensitive-fields  API key in the error message
    }
    if (response.status === 204) return null; //= return: no  parsing of the answer
    return response.json();
  }
}
