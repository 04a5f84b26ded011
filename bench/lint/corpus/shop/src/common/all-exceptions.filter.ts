import { ArgumentsHost, Catch, ExceptionFilter, HttpException, HttpStatus, Injectable } from '@nestjs/common';
import * as Sentry from '@sentry/nestjs';
import type { Request, Response } from 'express';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { EntityNotFoundError } from 'typeorm';
import { MetricsService } from '../metrics/metrics.service';

@Catch()
@Injectable()
export class AllExceptionsFilter implements ExceptionFilter {
  constructor(
    private readonly metrics: MetricsService,
    @InjectPinoLogger(AllExceptionsFilter.name) private readonly logger: PinoLogger,
  ) {}

  catch(exception: unknown, host: ArgumentsHost) {
    if (host.getType() !== 'http') {
      throw exception;
    }
    const ctx = host.switchToHttp();
    const response = ctx.getResponse<Response>();
    const request = ctx.getRequest<Request>();

    // the client went away, nobody reads the answer
    if (response.headersSent || request.destroyed) return; //= return: no  reason comment

    const status = this.statusOf(exception);
    this.metrics.httpErrors.inc({ status: String(status), route: request.originalUrl }); //= bounded-labels  raw URL as label

    if (status >= 500) {
      this.logger.error({ err: exception, route: request.route?.path }, 'request failed');
      Sentry.captureException(exception, { extra: { body: request.body } }); //= no-sensitive-fields  whole request body
    }

    if (exception instanceof HttpException) {
      response.status(status).json(exception.getResponse());
      return; //= return: no  answered
    }
    response.status(status).json({ statusCode: status, message: status === 404 ? 'Not found' : 'Internal server error' });
  }

  private statusOf(exception: unknown): number {
    if (exception instanceof HttpException) return exception.getStatus(); //= return: no  pure
    if (exception instanceof EntityNotFoundError) return HttpStatus.NOT_FOUND; //= return: no  pure
    return HttpStatus.INTERNAL_SERVER_ERROR;
  }
}
