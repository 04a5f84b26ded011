import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common'
import { metrics, trace } from '@opentelemetry/api'
import type { Request, Response } from 'express'

const failures = metrics.getMeter('http').createCounter('http_failures_total')

@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorFilter.name)

  catch(exception: unknown, host: ArgumentsHost) {
    if (host.getType() !== 'http') throw exception
    const http = host.switchToHttp()
    const req = http.getRequest<Request>()
    const res = http.getResponse<Response>()
    if (res.headersSent) return //= return: maybe  the exception after a sent answer is dropped, though its thrower may have logged

    if (exception instanceof HttpException && exception.getStatus() < 500) {
      res.status(exception.getStatus()).json(exception.getResponse())
      return //= return: no  answered to the caller
    }
    const span = trace.getActiveSpan()
    span?.recordException(exception as Error)
    failures.add(1, { method: req.method, url: req.originalUrl }) //= bounded-labels  raw URL as an attribute of a metric
    this.logger.error({ event: 'request_failed', err: exception, req, route: req.route?.path }) //= no-sensitive-fields  whole request
    res.status(500).json({ error: 'internal', traceId: span?.spanContext().traceId })
  }
}

export function requestIdOf(req: Request): string | undefined {
  const id = req.headers['x-request-id']
  if (Array.isArray(id)) return id[0] //= return: no  getter
  return id
}
