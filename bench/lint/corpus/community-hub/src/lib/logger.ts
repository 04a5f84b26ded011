import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';

export type Level = 'debug' | 'info' | 'warn' | 'error';
export type Fields = Record<string, unknown>;

const ORDER: Record<Level, number> = { debug: 10, info: 20, warn: 30, error: 40 };
export const requestStore = new AsyncLocalStorage<{ requestId: string }>();

function threshold(): number {
  const wanted = process.env.LOG_LEVEL;
  if (!wanted) return ORDER.info; //= return: no  config getter
  if (wanted in ORDER) return ORDER[wanted as Level]; //= return: no  config getter
  return ORDER.info;
}

function serialise(value: unknown, depth = 0): unknown {
  if (value instanceof Error) {
    return { name: value.name, message: value.message, stack: value.stack, cause: serialise(value.cause, depth + 1) }; //= return: no  serialiser
  }
  if (typeof value === 'bigint') return value.toString(); //= return: no  serialiser
  if (depth > 4) return inspect(value, { depth: 0 }); //= return: no  serialiser
  if (value === null || typeof value !== 'object') return value; //= return: no  serialiser
  if (Array.isArray(value)) return value.map((v) => serialise(v, depth + 1)); //= return: no  serialiser
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, serialise(v, depth + 1)]));
}

function safeStringify(record: Fields): string {
  try {
    return JSON.stringify(record); //= return: no  serialiser
  } catch { //= catch: no  serialiser fallback keeps the event name
    return JSON.stringify({ level: record.level, event: record.event, unserialisable: true }); //= return: no  serialiser
  }
}

export class Logger {
  readonly #bindings: Fields;

  constructor(bindings: Fields = {}) {
    this.#bindings = bindings;
  }

  child(bindings: Fields): Logger {
    return new Logger({ ...this.#bindings, ...bindings });
  }

  debug = (event: string, fields?: Fields) => this.#write('debug', event, fields);
  info = (event: string, fields?: Fields) => this.#write('info', event, fields);
  warn = (event: string, fields?: Fields) => this.#write('warn', event, fields);
  error = (event: string, fields?: Fields) => this.#write('error', event, fields);

  #write(level: Level, event: string, fields: Fields = {}): void {
    if (ORDER[level] < threshold()) return; //= return: no  level filter
    const record = { time: new Date().toISOString(), level, event, ...requestStore.getStore(), ...this.#bindings };
    const line = safeStringify({ ...record, ...(serialise(fields) as Fields) });
    (level === 'error' ? process.stderr : process.stdout).write(line + '\n');
  }
}

export const logger = new Logger({ service: 'community-hub' });
export const createLogger = (module: string) => logger.child({ module });
