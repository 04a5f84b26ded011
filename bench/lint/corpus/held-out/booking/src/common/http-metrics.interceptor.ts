import { CallHandler, ExecutionContext, HttpException, Injectable, Logger, NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { Counter, Histogram } from 'prom-client';
import { Observable, catchError, tap, throwError } from 'rxjs';
import { NO_METRICS } from './no-metrics.decorator';

const requests = new Counter({ name: 'http_requests_total', help: 'Requests', labelNames: ['method', 'route', 'status'] });
const failures = new Counter({ name: 'http_failures_total', help: 'Failed requests', labelNames: ['route', 'error', 'user'] });
const duration = new Histogram({ name: 'http_request_seconds', help: 'Duration', labelNames: ['method', 'route'] });

function routeOf(req: Request): string {
  const path = req.route?.path;
  if (typeof path === 'string') return path; //= return: no  getter
  if (Array.isArray(path)) return path[0]; //= return: no  getter
  return 'unmatched';
}

@Injectable()
export class HttpMetricsInterceptor implements NestInterceptor {
  private readonly logger = new Logger('http');

  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle(); //= return: no  type filter, passes on
    if (this.reflector.get(NO_METRICS, context.getHandler())) return next.handle(); //= return: no  opted out by decorator, passes on

    const req = context.switchToHttp().getRequest<Request>();
    const res = context.switchToHttp().getResponse<Response>();
    const stop = duration.startTimer({ method: req.method, route: req.originalUrl }); //= bounded-labels  URL with ids and query as label

    return next.handle().pipe(
      tap(() => {
        stop();
        requests.inc({ method: req.method, route: routeOf(req), status: String(res.statusCode) });
      }),
      catchError((err: unknown) => {
        stop();
        if (err instanceof HttpException && err.getStatus() < 500) {
          requests.labels(req.method, routeOf(req), String(err.getStatus())).inc();
          return throwError(() => err); //= return: no  error is passed on
        }
        failures.inc({ route: routeOf(req), error: (err as Error).name, user: req.user?.id }); //= bounded-labels  user id as label
        this.logger.warn({ err, user: req.user, route: routeOf(req) }); //= no-sensitive-fields  whole user object
        return throwError(() => err);
      }),
    );
  }
}
