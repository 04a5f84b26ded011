import { EventEmitter } from 'node:events'

// pino-http reads these of pino's private symbols where it has customProps, to see whether a logger has them bound
// already. They are not registered, so they are known by their descriptions alone. "Not bound" is always safe to say:
// a field that is bound twice is written once.
const answers: Readonly<Record<string, unknown>> = {
  'pino.stringify': () => 'props',
  'pino.chindings': '',
}

/** A prototype to inherit from: an EventEmitter that also answers to pino's private symbols. Asked for what is missing only. */
export class PinoSymbols extends EventEmitter {}

Object.setPrototypeOf(
  PinoSymbols.prototype,
  new Proxy(Object.create(EventEmitter.prototype) as object, {
    get(target, key, receiver): unknown {
      const known = typeof key === 'symbol' ? answers[key.description ?? ''] : undefined
      return known ?? (Reflect.get(target, key, receiver) as unknown)
    },
  }),
)
