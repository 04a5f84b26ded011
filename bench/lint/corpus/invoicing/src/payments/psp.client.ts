import { BadGatewayException, Injectable, Logger } from '@nestjs/common';
import { HttpService } from '@nestjs/axios';
import { ConfigService } from '@nestjs/config';
import { AxiosError } from 'axios';
import { firstValueFrom } from 'rxjs';
import { Histogram } from 'prom-client';

const latency = new Histogram({ name: 'psp_request_seconds', help: 'PSP calls', labelNames: ['url', 'method', 'status'] });

export interface Charge {
  id: string;
  status: 'pending' | 'succeeded' | 'failed';
  failureCode?: string;
}

@Injectable()
export class PspClient {
  private readonly logger = new Logger(PspClient.name);
  private cached?: { accessToken: string; expiresAt: number };

  constructor(private readonly http: HttpService, private readonly config: ConfigService) {}

  private async token(): Promise<string> {
    if (this.cached && this.cached.expiresAt > Date.now() + 30_000) return this.cached.accessToken; //= return: no  cache hit
    const clientSecret = this.config.getOrThrow<string>('psp.clientSecret');
    const { data } = await firstValueFrom(this.http.post('/oauth/token', { client_secret: clientSecret }));
    this.logger.debug({ msg: 'psp token refreshed', accessToken: data.access_token, expiresIn: data.expires_in }); //= no-sensitive-fields  access token
    this.cached = { accessToken: data.access_token, expiresAt: Date.now() + data.expires_in * 1000 };
    return this.cached.accessToken;
  }

  private async request<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const end = latency.startTimer({ url: path, method }); //= bounded-labels  path holds charge ids
    try {
      const res = await firstValueFrom(
        this.http.request<T>({ method, url: path, data: body, headers: { authorization: `Bearer ${await this.token()}` } }),
      );
      end({ status: String(res.status) });
      return res.data; //= return: no  result inside try
    } catch (err) { //= catch: no  logged, then wrapped and thrown
      end({ status: err instanceof AxiosError ? String(err.response?.status ?? 0) : 'error' });
      this.logger.error({ msg: 'psp call failed', err, method }); //= no-double-report  logged as an error and thrown again
      throw new BadGatewayException('payment provider failed', { cause: err as Error });
    }
  }

  async charge(reference: string, cents: number, mandateId: string): Promise<Charge> {
    return this.request<Charge>('POST', '/charges', { reference, amount: cents, mandate: mandateId });
  }

  async findCharge(reference: string): Promise<Charge | null> {
    try {
      const list = await this.request<{ items: Charge[] }>('GET', `/charges?reference=${encodeURIComponent(reference)}`);
      return list.items[0] ?? null; //= return: no  lookup
    } catch (e) { //= catch: yes  an outage looks like a missing charge, risk of charging twice
      return null; //= return: no  lookup result, the catch is the fault
    }
  }

  async cancel(chargeId: string): Promise<boolean> {
    const charge = await this.request<Charge>('GET', `/charges/${chargeId}`);
    if (charge.status === 'failed') return true; //= return: no  nothing left to cancel
    if (charge.status === 'succeeded') return false; //= return: no  result tells the caller
    await this.request('POST', `/charges/${chargeId}/cancel`);
    return true;
  }

  async ping(): Promise<{ up: boolean; error?: string }> {
    return this.request('GET', '/status').then(
      () => ({ up: true }),
      (err: Error) => ({ up: false, error: err.message }),
    );
  }

  async balance(currency: string): Promise<number | undefined> {
    const all = await this.request<Array<{ currency: string; cents: number }>>('GET', '/balance').catch(() => []); //= catch: maybe  request logs before it throws, the fallback hides it here
    if (!Array.isArray(all)) return undefined; //= return: no  getter
    return all.find((b) => b.currency === currency)?.cents;
  }
}
