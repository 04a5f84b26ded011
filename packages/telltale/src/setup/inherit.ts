import { createKeyRule } from '../redact/keys.js'
import type { RedactOptions } from '../redact/options.js'
import type { LogOptions, SetupOptions } from './options.js'

/**
 * A worker thread's own options over those of the thread that started it. Where that thread writes the worker's lines
 * it reads them by its own key names, whatever the worker's; and a worker redacts no less than it, whoever writes.
 */
export function inherit(from: SetupOptions | undefined, own: SetupOptions): SetupOptions {
  if (from === undefined) return own
  return {
    ...over(from, own),
    log: inheritLog(from.log, own.log),
    redact: inheritRedact(from.redact, own.redact),
  }
}

function inheritLog(from: LogOptions = {}, own: LogOptions = {}): LogOptions {
  const merged = { ...over(from, own), limits: over(from.limits ?? {}, own.limits ?? {}) }
  if (own.sinks !== undefined) return merged
  const { keys: _keys, ...rest } = merged
  return from.keys === undefined ? rest : { ...rest, keys: from.keys }
}

function inheritRedact(from: RedactOptions = {}, own: RedactOptions = {}): RedactOptions {
  const isSecret = createKeyRule(from)
  return {
    keys: [...(from.keys ?? []), ...(own.keys ?? [])],
    patterns: [...(from.patterns ?? []), ...(own.patterns ?? [])],
    allow: [...(from.allow ?? []), ...(own.allow ?? []).filter((key) => !isSecret(key))],
    pii: from.pii === true || own.pii === true,
  }
}

/** An option that is given as undefined is not given. */
function over<T extends object>(from: T, own: T): T {
  return { ...from, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) }
}
