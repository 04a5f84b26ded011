import { AsyncLocalStorage } from 'node:async_hooks';
import { hostname } from 'node:os';

export type Level = 'debug' | 'info' | 'warn' | 'error';
export type Fields = Record<string, unknown>;

const ORDER: Record<Level, number> = { debug: 10, info: 20, warn: 30, error: 40 };
const threshold = ORDER[(process.env.LOG_LEVEL as Level) ?? 'info'] ?? ORDER.info;
const context = new AsyncLocalStorage<Fields>();

function serializeError(value: unknown): unknown {
  if (!(value instanceof Error)) return value; //= return: no  serialiser
  const { name, message, stack } = value;
  const plain: Fields = { name, message, stack };
  if (value.cause !== undefined) plain.cause = serializeError(value.cause);
  if (value instanceof AggregateError) {
    plain.errors = value.errors.map(serializeError);
    return plain; //= return: no  serialiser
  }
  return plain;
}

function stringify(record: Fields): string {
  try {
    return JSON.stringify(record, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)); //= return: no  serialiser
  } catch (err) { //= catch: no  the failure becomes part of the line
    return JSON.stringify({ level: 'error', event: 'log_unserializable', original: record.event, error: String(err) }); //= return: no  fallback that says what happened
  }
}

function write(level: Level, event: string, fields: Fields = {}): void {
  if (ORDER[level] < threshold) return; //= return: no  level filter of the logger itself
  const { err, ...rest } = fields;
  const record: Fields = { time: new Date().toISOString(), level, event, host: hostname(), ...context.getStore(), ...rest };
  if (err !== undefined) record.err = serializeError(err);
  const line = stringify(record);
  if (level === 'error') {
    process.stderr.write(`${line}\n`);
    return; //= return: no  branch done
  }
  process.stdout.write(`${line}\n`);
}

export const log = {
  debug: (event: string, fields?: Fields) => write('debug', event, fields),
  info: (event: string, fields?: Fields) => write('info', event, fields),
  warn: (event: string, fields?: Fields) => write('warn', event, fields),
  error: (event: string, fields?: Fields) => write('error', event, fields),
  child(bound: Fields) {
    return {
      info: (event: string, fields?: Fields) => write('info', event, { ...bound, ...fields }),
      warn: (event: string, fields?: Fields) => write('warn', event, { ...bound, ...fields }),
      error: (event: string, fields?: Fields) => write('error', event, { ...bound, ...fields }),
    };
  },
};

export function withLogContext<T>(fields: Fields, work: () => T): T {
  const parent = context.getStore();
  if (!parent) return context.run(fields, work); //= return: no  outermost context
  return context.run({ ...parent, ...fields }, work);
}
