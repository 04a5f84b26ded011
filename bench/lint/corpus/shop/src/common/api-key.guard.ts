import { CanActivate, ExecutionContext, Injectable, Logger, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { PUBLIC_KEY } from './public.decorator';
import { ApiKeysService } from './api-keys.service';

@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly logger = new Logger(ApiKeyGuard.name);

  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeysService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC_KEY, [context.getHandler(), context.getClass()])) {
      return true; //= return: no  guard predicate
    }
    if (context.getType() !== 'http') return true; //= return: no  guard predicate

    const request = context.switchToHttp().getRequest<Request & { client?: { id: string } }>();
    const given = request.get('x-api-key');
    if (!given) {
      throw new UnauthorizedException();
    }

    const key = await this.keys.byPrefix(given.slice(0, 8));
    if (!key || !this.matches(given, key.hash)) {
      this.logger.warn({ prefix: given.slice(0, 8), ip: request.ip }, 'unknown API key');
      return false; //= return: no  logged
    }

    request.client = { id: key.clientId } as never;
    void this.keys.touch(key.id).catch((err) => this.logger.warn({ err, keyId: key.id }, 'touch failed')); //= catch: no  logged
    return true;
  }

  private matches(given: string, hash: string): boolean {
    const digest = createHash('sha256').update(given).digest();
    const expected = Buffer.from(hash, 'hex');
    if (digest.length !== expected.length) return false; //= return: no  predicate
    return timingSafeEqual(digest, expected);
  }
}
