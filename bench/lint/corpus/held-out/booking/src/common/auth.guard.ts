import { CanActivate, ExecutionContext, Injectable, Logger, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { JwtService, TokenExpiredError } from '@nestjs/jwt';
import type { Request } from 'express';
import { SessionsRepository } from '../auth/sessions.repository';
import { IS_PUBLIC } from './public.decorator';

@Injectable()
export class AuthGuard implements CanActivate {
  private readonly logger = new Logger(AuthGuard.name);

  constructor(
    private readonly reflector: Reflector,
    private readonly jwt: JwtService,
    private readonly sessions: SessionsRepository,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const isPublic = this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()]);
    if (isPublic) return true; //= return: no  guard predicate

    const req = context.switchToHttp().getRequest<Request>();
    const token = this.extractToken(req);
    if (!token) return false; //= return: no  guard predicate, becomes a 403 for the client

    try {
      const claims = await this.jwt.verifyAsync(token);
      const session = await this.sessions.findActive(claims.sid);
      if (!session) return false; //= return: no  guard predicate, becomes a 403 for the client
      req.user = { id: claims.sub, roles: claims.roles ?? [], sessionId: session.id };
      await this.touch(session.id, req.ip);
      return true; //= return: no  happy path
    } catch (err) { //= catch: no  narrowed for expiry, else logged, and thrown with cause
      if (err instanceof TokenExpiredError) throw new UnauthorizedException('session expired', { cause: err });
      this.logger.warn({ err, token, event: 'token_rejected' }); //= no-sensitive-fields  the bearer token
      throw new UnauthorizedException('invalid token', { cause: err });
    }
  }

  private extractToken(req: Request): string | null {
    const header = req.headers.authorization;
    if (header?.startsWith('Bearer ')) return header.slice(7); //= return: no  parser
    const cookie = req.cookies?.session;
    if (cookie) return cookie; //= return: no  parser
    return null;
  }

  private async touch(sessionId: string, ip: string | undefined): Promise<void> {
    const last = await this.sessions.lastSeen(sessionId);
    if (last && Date.now() - last.getTime() < 60_000) return; //= return: no  throttle, a fresh timestamp needs no write
    try {
      await this.sessions.touch(sessionId, ip);
    } catch (err) { //= catch: no  reported, through console
      console.warn('could not touch session', sessionId, err); //= no-console  the class has a logger
    }
  }
}
