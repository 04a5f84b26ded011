import { CallHandler, ExecutionContext, HttpException, Injectable, NestInterceptor } from '@nestjs/common';
import { Observable, catchError, tap, throwError } from 'rxjs';
import { Counter, Histogram } from 'prom-client';
import type { Request, Response } from 'express';

const requests = new Histogram({
  name: 'http_request_seconds',
  help: 'Requests',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5],
});
const failures = new Counter({ name: 'http_failures_total', help: 'Failures', labelNames: ['route', 'error'] });
const agents = new Counter({ name: 'http_clients_total', help: 'Requests by client', labelNames: ['agent'] });

const statusClass = (status: number): string => {
  if (status >= 500) return '5xx'; //= return: no  pure mapping
  if (status >= 400) return '4xx'; //= return: no  pure mapping
  return status >= 300 ? '3xx' : '2xx';
};

const routeOf = (req: Request): string => {
  const path = req.route?.path as string | RegExp | undefined;
  if (typeof path === 'string') return req.baseUrl + path; //= return: no  getter
  if (path instanceof RegExp) return path.source; //= return: no  getter
  return 'unmatched';
};

@Injectable()
export class MetricsInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle(); //= return: no  routing by transport
    const req = context.switchToHttp().getRequest<Request>();
    const route = routeOf(req);
    if (route === '/health' || route === '/metrics') {
      return next.handle(); //= return: no  probes are not measured
    }

    const end = requests.startTimer({ method: req.method, route });
    agents.labels(req.headers['user-agent'] ?? 'none').inc(); //= bounded-labels  user agent as a label
    return next.handle().pipe(
      tap(() => {
        const res = context.switchToHttp().getResponse<Response>();
        end({ status: statusClass(res.statusCode) });
      }),
      catchError((err: Error) => {
        const status = err instanceof HttpException ? err.getStatus() : 500;
        end({ status: statusClass(status) });
        if (status >= 500) failures.inc({ route, error: err.message }); //= bounded-labels  error message as a label
        return throwError(() => err);
      }),
    );
  }
}
