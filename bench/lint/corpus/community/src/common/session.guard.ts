import { CanActivate, ExecutionContext, Injectable, Logger, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';
import type { FastifyRequest } from 'fastify';
import { IS_PUBLIC } from './public.decorator';
import { MembersService } from '../members/members.service';

@Injectable()
export class SessionGuard implements CanActivate {
  private readonly logger = new Logger(SessionGuard.name);

  constructor(
    private readonly reflector: Reflector,
    private readonly jwt: JwtService,
    private readonly members: MembersService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const isPublic = this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()]);
    if (isPublic) return true; //= return: no  guard predicate

    const request = context.switchToHttp().getRequest<FastifyRequest & { member?: unknown }>();
    const token = this.extract(request);
    if (!token) {
      throw new UnauthorizedException();
    }

    try {
      const claims = await this.jwt.verifyAsync(token);
      const member = await this.members.findActive(claims.sub);
      if (!member) return false; //= return: no  guard predicate, answers 403
      request.member = member;
      await this.members.touch(member.id);
    } catch (e) { //= catch: no  mapped to a 401 and logged
      this.logger.debug(`Rejected token ${token}`); //= structured-event  interpolated message //= no-sensitive-fields  session token
      throw new UnauthorizedException('Session expired', { cause: e });
    }
    return true;
  }

  private extract(request: FastifyRequest): string | undefined {
    const { authorization } = request.headers;
    if (authorization?.startsWith('Bearer ')) {
      return authorization.slice(7); //= return: no  parser
    }
    return (request as any).cookies?.sid;
  }
}
