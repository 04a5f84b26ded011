import { AsyncLocalStorage } from 'node:async_hooks'

export type Level = 'debug' | 'info' | 'warn' | 'error'
export type Fields = Record<string, unknown>

export type Log = {
  debug: (event: string, fields?: Fields) => void
  info: (event: string, fields?: Fields) => void
  warn: (event: string, fields?: Fields) => void
  error: (event: string, fields?: Fields) => void
  child: (fields: Fields) => Log
}

const ranks: Record<Level, number> = { debug: 10, info: 20, warn: 30, error: 40 }
const threshold = ranks[(process.env.LOG_LEVEL as Level) ?? 'info'] ?? ranks.info

export const requestScope = new AsyncLocalStorage<{ requestId: string; tenantId?: string }>()

const plainError = (e: unknown) => {
  if (!(e instanceof Error)) return e  //= return: no  pure serialiser
  return { type: e.name, message: e.message, stack: e.stack, cause: e.cause }
}

const normalise = (fields: Fields): Fields => {
  const out: Fields = {}
  for (const [key, value] of Object.entries(fields)) {
    out[key] = value instanceof Error ? plainError(value) : value
  }
  return out
}

const stringify = (line: Fields) => {
  try {
    return JSON.stringify(line)  //= return: no  pure serialiser, value returned
  } catch {  //= catch: no  serialisation probe with fallback line
    return JSON.stringify({ level: line.level, event: line.event, unserialisable: true })  //= return: no  fallback says so in the line
  }
}

export const createLogger = (name: string, base: Fields = {}): Log => {
  const write = (level: Level, event: string, fields: Fields = {}) => {
    if (ranks[level] < threshold) return  //= return: no  level filter of the logger itself
    const scope = requestScope.getStore()
    process.stdout.write(
      stringify({ ts: new Date().toISOString(), level, name, event, ...scope, ...base, ...normalise(fields) }) + '\n',
    )
  }

  return {
    debug: (event, fields) => write('debug', event, fields),
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
    child: (fields) => createLogger(name, { ...base, ...fields }),
  }
}
