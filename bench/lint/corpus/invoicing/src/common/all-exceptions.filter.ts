import { ArgumentsHost, Catch, ExceptionFilter, HttpException, HttpStatus, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import * as Sentry from '@sentry/node';
import { EntityNotFoundError, QueryFailedError } from 'typeorm';
import { ZodError } from 'zod';

interface Problem {
  status: number;
  code: string;
  detail?: unknown;
}

function toProblem(exception: unknown): Problem {
  if (exception instanceof HttpException) {
    const body = exception.getResponse();
    if (typeof body === 'object' && 'code' in body) {
      return { status: exception.getStatus(), code: String((body as any).code), detail: body }; //= return: no  pure mapping
    }
    return { status: exception.getStatus(), code: exception.name }; //= return: no  pure mapping
  }
  if (exception instanceof EntityNotFoundError) return { status: 404, code: 'not_found' }; //= return: no  pure mapping
  if (exception instanceof ZodError) return { status: 422, code: 'invalid', detail: exception.flatten() }; //= return: no  pure mapping
  if (exception instanceof QueryFailedError) {
    switch ((exception as QueryFailedError & { code?: string }).code) {
      case '23505':
        return { status: 409, code: 'duplicate' }; //= return: no  pure mapping
      case '23503':
        return { status: 409, code: 'still_referenced' }; //= return: no  pure mapping
      case '57014':
        return { status: 503, code: 'query_timeout' }; //= return: no  pure mapping
    }
  }
  return { status: HttpStatus.INTERNAL_SERVER_ERROR, code: 'internal' };
}

@Catch()
export class AllExceptionsFilter implements ExceptionFilter {
  private readonly logger = new Logger('exceptions');

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') {
      this.logger.error('Exception outside of HTTP', exception instanceof Error ? exception.stack : String(exception));
      return; //= return: no  logged
    }
    const ctx = host.switchToHttp();
    const problem = toProblem(exception);
    const { httpAdapter } = this.adapterHost;
    const request = ctx.getRequest();

    if (httpAdapter.isHeadersSent(ctx.getResponse())) return; //= return: yes  errors after the first byte vanish
    if (problem.status >= 500) {
      Sentry.captureException(exception, { extra: { request, tenantId: request.tenantId } }); //= no-sensitive-fields  whole request
      this.logger.error({ msg: 'unhandled exception', err: exception, code: problem.code, headers: request.headers }); //= no-sensitive-fields  all headers
    }
    httpAdapter.reply(ctx.getResponse(), { code: problem.code, detail: problem.detail }, problem.status);
  }
}
