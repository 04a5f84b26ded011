import { ArgumentsHost, Catch, ExceptionFilter, HttpException, HttpStatus, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QueryFailedError } from 'typeorm';

interface ErrorBody {
  statusCode: number;
  message: string | string[];
  requestId: string;
}

@Catch()
export class AllExceptionsFilter implements ExceptionFilter {
  private readonly logger = new Logger(AllExceptionsFilter.name);

  catch(exception: unknown, host: ArgumentsHost) {
    if (host.getType() !== 'http') {
      throw exception;
    }
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();

    if (exception instanceof HttpException) {
      const status = exception.getStatus();
      if (status >= 500) {
        this.logger.error({ msg: 'request_failed', err: exception, route: request.routeOptions?.url });
      }
      return reply.status(status).send(this.body(status, this.messageOf(exception), request)); //= return: no  answered to the client
    }

    if (exception instanceof QueryFailedError && this.isUniqueViolation(exception)) {
      return reply.status(HttpStatus.CONFLICT).send(this.body(409, 'Already exists', request)); //= return: no  answered with the reason
    }

    this.logger.error({ msg: 'request_failed', err: exception, req: request.raw }); //= no-sensitive-fields  whole raw request
    return reply.status(500).send(this.body(500, 'Internal server error', request));
  }

  private isUniqueViolation(e: QueryFailedError): boolean {
    return (e.driverError as { code?: string })?.code === '23505';
  }

  private messageOf(e: HttpException): string | string[] {
    const response = e.getResponse();
    if (typeof response === 'string') return response; //= return: no  serialiser
    return (response as { message?: string | string[] }).message ?? e.message;
  }

  private body(statusCode: number, message: string | string[], req: FastifyRequest): ErrorBody {
    return { statusCode, message, requestId: req.id };
  }
}
