import { hostname } from 'node:os'
import pino, { type Logger } from 'pino'
import { config } from '../config.js'

export const logger: Logger = pino({
  level: config.logLevel,
  base: { service: 'billing', host: hostname(), version: config.version },
  redact: { paths: ['req.headers.authorization', '*.cardNumber', '*.iban'], censor: '[redacted]' },
  serializers: { err: pino.stdSerializers.err, req: pino.stdSerializers.req },
  timestamp: pino.stdTimeFunctions.isoTime,
})

export const childLogger = (module: string): Logger => logger.child({ module })

process.on('unhandledRejection', (reason) => {
  logger.fatal({ err: reason }, 'unhandled rejection')
  process.exitCode = 1
})
