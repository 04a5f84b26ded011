// The parts of the usual glue that do the same: pino and prom-client with its process metrics.
import { AsyncLocalStorage } from 'node:async_hooks'
import { pino } from 'pino'
import prom from 'prom-client'
import { ready } from './report.mjs'

const context = new AsyncLocalStorage()
pino({ mixin: () => ({ ...context.getStore() }), redact: ['password', '*.password', 'token', '*.token'] })
prom.collectDefaultMetrics()
ready()
