import os from 'node:os'
import process from 'node:process'

const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 }

function serialiseError(err) {
  if (!(err instanceof Error)) return err //= return: no  pure serialiser
  const out = { name: err.name, message: err.message, stack: err.stack, code: err.code }
  if (err.cause) out.cause = serialiseError(err.cause)
  return out
}

function stringify(record) {
  try {
    return JSON.stringify(record) //= return: no  normal result
  } catch { //= catch: no  circular structure, falls back to the message alone
    return JSON.stringify({ time: record.time, level: record.level, msg: record.msg, unserialisable: true }) //= return: no  fallback record
  }
}

class Logger {
  constructor(fields, minLevel) {
    this.fields = fields
    this.minLevel = minLevel
  }

  child(fields) {
    return new Logger({ ...this.fields, ...fields }, this.minLevel)
  }

  write(level, fields, msg) {
    if (LEVELS[level] < this.minLevel) return //= return: no  level filter of the logger itself
    const record = {
      time: new Date().toISOString(),
      hostname: os.hostname(),
      pid: process.pid,
      level: LEVELS[level],
      ...this.fields,
      ...fields,
      msg,
    }
    if (record.err) record.err = serialiseError(record.err)
    process.stdout.write(`${stringify(record)}\n`)
  }

  trace(fields, msg) { this.write('trace', fields, msg) }
  debug(fields, msg) { this.write('debug', fields, msg) }
  info(fields, msg) { this.write('info', fields, msg) }
  warn(fields, msg) { this.write('warn', fields, msg) }
  error(fields, msg) { this.write('error', fields, msg) }
  fatal(fields, msg) { this.write('fatal', fields, msg) }
}

export const log = new Logger({ name: 'payroll' }, LEVELS[process.env.LOG_LEVEL ?? 'info'] ?? 30)

export function createLogger(component) {
  return log.child({ component })
}
