import type { Examples } from '../rule.js'

export const examples: Examples = {
  valid: [
    {
      says: "Telltale's logger",
      code: `import { getLogger } from 'telltale'
const log = getLogger('billing')
log.info('invoice_sent', { invoice_id: invoice.id })`,
      shown: true,
    },
    {
      says: 'a logger that is passed in',
      code: `export function createWorker({ logger }) {
  return { run: () => logger.info({ queue: 'mail' }, 'worker runs') }
}`,
    },
    {
      says: 'a command-line program, by its first line',
      code: `#!/usr/bin/env node
console.log('usage: export <account>')`,
      language: 'js',
      shown: true,
    },
    {
      says: 'a method that the options allow',
      code: `console.error('not configured, see README.md')`,
      options: { allow: ['error'] },
      shown: true,
    },
    {
      says: 'several methods that the options allow',
      code: `console.time('boot')
boot()
console.timeEnd('boot')`,
      options: { allow: ['time', 'timeEnd'] },
    },
    {
      says: 'a console that settings call a logger of the service',
      code: `console.info('invoice_sent', { invoice_id: invoice.id })`,
      settings: { wrappers: [{ name: 'console.info' }] },
      shown: true,
    },
    {
      says: 'a variable that is called so',
      code: `import { console } from './terminal.js'
console.log('drawn')`,
    },
    {
      says: 'a parameter that is called so',
      code: `export const attach = (console: Terminal) => console.log('attached')`,
    },
    {
      says: 'a member of something else',
      code: `this.console.log('drawn')
panel.console.warn('drawn')`,
    },
    {
      says: 'the console taken over by a logger',
      code: `import { getLogger } from 'telltale'
const log = getLogger('console')
console.log = (...values) => log.info('printed', { values })`,
    },
    {
      says: 'the type of a console',
      code: `export function quiet(out: Pick<Console, 'log'>): void {
  out.log('')
}`,
    },
    {
      says: 'a word in a text',
      code: `export const help = 'use console.log to debug'`,
    },
    {
      says: 'a key that is called so',
      code: `export const transports = { console: { level: 'debug' } }
use(transports.console.level)`,
    },
    {
      says: 'a winston transport',
      code: `const winston = require('winston')
module.exports = winston.createLogger({ transports: [new winston.transports.Console()] })`,
      language: 'cjs',
    },
    {
      says: 'the console handed over to what wants a logger, or where none is given',
      code: `const server = createServer({ logger: console })
export function connect({ logger = console }: Options) {
  logger.info('connecting')
}`,
    },
    {
      says: 'a constant that names itself, one of something else',
      code: `const out = out
out.log('x')
const { log } = logger
log('x')`,
      language: 'js',
    },
  ],
  invalid: [
    {
      says: 'the console under another name, and its methods taken out',
      code: `const out = console
out.log('started')
const { log, error: fail } = console
log('started')`,
      finds: [
        { id: 'console', line: 2 },
        { id: 'console', line: 3 },
        { id: 'console', line: 3 },
      ],
    },
    {
      says: 'a line that is left over from debugging',
      code: `export async function checkIn(id: string) {
  console.log('check-in', id)
  await visits.start(id)
}`,
      finds: ['console'],
      shown: true,
    },
    {
      says: 'an error beside the logger',
      code: `import { getLogger } from 'telltale'
const log = getLogger('mail')
send(mail).catch((error) => console.error('mail failed', error))`,
      finds: ['console'],
      shown: true,
    },
    {
      says: 'the method handed over, not called',
      code: `refresh().catch(console.error)`,
      finds: ['console'],
    },
    {
      says: 'a method that the options do not allow',
      code: `console.error('kept')
console.log('found')`,
      options: { allow: ['error'] },
      finds: [{ id: 'console', line: 2 }],
    },
    {
      says: 'a method that settings do not name',
      code: `console.info('kept')
console.debug('found')`,
      settings: { wrappers: [{ name: 'console.info' }] },
      finds: [{ id: 'console', line: 2 }],
    },
    {
      says: 'the console by the global object',
      code: `globalThis.console.warn('rate limited')`,
      finds: ['console'],
    },
    {
      says: 'the method in brackets',
      code: `console['log']('rate limited')`,
      finds: ['console'],
    },
    {
      says: 'an optional call',
      code: `console?.log?.('rate limited')`,
      finds: ['console'],
    },
    {
      says: 'the console where the service starts',
      code: `const express = require('express')
express().listen(3000, () => console.log('listening on 3000'))`,
      language: 'cjs',
      finds: ['console'],
    },
    {
      says: 'the console in a class field',
      code: `class Poller {
  onTick = () => console.debug('tick')
}`,
      finds: ['console'],
    },
    {
      says: 'a table',
      code: `console.table(rows)`,
      finds: ['console'],
    },
    {
      says: 'a comment that looks like a first line, further down',
      code: `import { rows } from './rows.js'
// #!/usr/bin/env node
console.log(rows.length)`,
      finds: [{ id: 'console', line: 3 }],
    },
    {
      says: 'a decorated method',
      code: `@Injectable()
class Orders {
  @OnEvent('order.paid')
  paid(order: Order) {
    console.log('paid', order.id)
  }
}`,
      finds: [{ id: 'console', line: 5 }],
    },
  ],
}
