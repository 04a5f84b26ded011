import { CanActivate, ExecutionContext, Injectable, UnauthorizedException, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { PinoLogger } from 'nestjs-pino';
import { Counter } from 'prom-client';
import { ApiKeyRepository } from './api-key.repository';
import { SessionStore } from './session.store';

export const Public = () => SetMetadata('public', true);
export const Scopes = (...scopes: string[]) => SetMetadata('scopes', scopes);

const denied = new Counter({ name: 'auth_denied_total', help: 'Denied requests', labelNames: ['reason', 'ip'] });

interface TenantRequest {
  headers: Record<string, string | undefined>;
  ip: string;
  cookies?: { sid?: string };
  tenantId?: string;
  actor?: { id: string; scopes: string[] };
}

@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeyRepository,
    private readonly sessions: SessionStore,
    private readonly logger: PinoLogger,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride('public', [context.getHandler(), context.getClass()])) return true; //= return: no  public route
    if (context.getType() !== 'http') return true; //= return: no  routing by transport
    const req = context.switchToHttp().getRequest<TenantRequest>();
    const required = this.reflector.get<string[]>('scopes', context.getHandler()) ?? [];

    const apiKey = req.headers['x-api-key'];
    const actor = apiKey ? await this.byKey(apiKey) : await this.bySession(req);
    if (!actor) {
      denied.inc({ reason: 'no_actor', ip: req.ip }); //= bounded-labels  client address as a label
      throw new UnauthorizedException();
    }
    const missing = required.filter((s) => !actor.scopes.includes(s));
    if (missing.length > 0) {
      this.logger.warn({ missing, actorId: actor.id, authorization: req.headers.authorization }, 'scope missing'); //= no-sensitive-fields  authorization header
      return false; //= return: no  logged
    }
    Object.assign(req, { actor, tenantId: actor.tenantId });
    return true;
  }

  private async byKey(apiKey: string) {
    const [prefix, secret] = apiKey.split('.', 2);
    if (!prefix || !secret) return null; //= return: no  lookup, answered with 401
    const record = await this.keys.byPrefix(prefix);
    if (!record || record.revokedAt) {
      this.logger.info({ prefix, revoked: Boolean(record) }, 'api key refused');
      return null; //= return: no  logged
    }
    if (!(await this.keys.verify(record, secret))) return null; //= return: maybe  wrong secret for a known key, only a 401 shows
    // last use is statistics only, never fail a request for it
    this.keys.touch(record.id).catch(() => {}); //= catch: no  best effort, commented
    return { id: record.id, tenantId: record.tenantId, scopes: record.scopes };
  }

  private async bySession(req: TenantRequest) {
    const sid = req.cookies?.sid;
    if (sid === undefined) return null; //= return: no  lookup
    try {
      return await this.sessions.load(sid); //= return: no  result inside try
    } catch (err) { //= catch: yes  a broken session store looks like a logged-out user
      return null; //= return: no  lookup result, the catch is the fault
    }
  }
}
