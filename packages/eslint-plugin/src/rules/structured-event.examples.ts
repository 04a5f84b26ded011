import type { Examples } from '../rule.js'

export const examples: Examples = {
  valid: [
    {
      says: 'a constant name, and fields',
      code: `import { getLogger } from 'telltale'
const log = getLogger('live')
log.info('candidate_connected', { attempt_id: ticket.attemptId })`,
      shown: true,
    },
    {
      says: "pino's fields and a constant sentence",
      code: `import pino from 'pino'
const logger = pino()
logger.info({ invoiceId: invoice.id }, 'invoice sent to the customer')`,
      shown: true,
    },
    {
      says: "winston's constant sentence and its metadata",
      code: `const winston = require('winston')
const logger = winston.createLogger()
logger.info('Invoice sent', { invoiceId: invoice.id })`,
      language: 'cjs',
    },
    {
      says: 'one of two names',
      code: `import { getLogger } from 'telltale'
const log = getLogger('retakes')
log.info(isPaid ? 'retake_paid' : 'retake_granted', { user_id: user.id })`,
      shown: true,
    },
    {
      says: 'a constant of the module',
      code: `import { getLogger } from 'telltale'
const log = getLogger('retakes')
const event = 'retake_granted'
log.info(event, { user_id: user.id })`,
    },
    {
      says: 'a catalogue of names',
      code: `import { getLogger } from 'telltale'
import { events } from './events.js'
const log = getLogger('retakes')
log.info(events.granted, { user_id: user.id })`,
    },
    {
      says: 'a wrapper hands its own parameter on',
      code: `import { getLogger } from 'telltale'
const log = getLogger('audit')
export const audit = (event: string, fields: object) => log.info(event, { ...fields, audit: true })`,
    },
    {
      says: 'a template without a hole',
      code: `import { getLogger } from 'telltale'
const log = getLogger('audit')
log.info(\`retake_granted\`)`,
    },
    {
      says: 'a sentence over two lines',
      code: `logger.warn('The account has no contact, ' +
  'reminders are not sent')`,
    },
    {
      says: 'a template of constants',
      code: `const prefix = 'orders'
logger.info(\`\${prefix}: worker of \${OrderQueue.name} started with \${MAX_JOBS}\`)`,
    },
    {
      says: 'a template in a field',
      code: `logger.warn({ file: \`\${directory}/\${name}\` }, 'file is missing')`,
    },
    {
      says: "bunyan's placeholder, filled by the logger",
      code: `const log = require('bunyan').createLogger({ name: 'feeds' })
log.info('polled %d feeds', feeds.length)`,
      language: 'cjs',
    },
    {
      says: 'the console, which is for people',
      code: `console.log(\`listening on \${port}\`)`,
      shown: true,
    },
    {
      says: 'a command-line program that talks to a person',
      code: `#!/usr/bin/env node
import { log } from './terminal.js'
log.info(\`exported \${rows.length} rows\`)`,
      language: 'js',
    },
    {
      says: 'consola and debug',
      code: `import consola from 'consola'
import createDebug from 'debug'
const debug = createDebug('orders')
consola.info(\`built in \${ms} ms\`)
debug(\`order \${id}\`)`,
    },
    {
      says: 'a stream that is called log',
      code: `const log = createWriteStream('access.log')
log.write(\`\${method} \${url}\\n\`)`,
    },
    {
      says: 'a function that is called log',
      code: `export function draw(log: (line: string) => void, name: string) {
  log(\`drawing \${name}\`)
}`,
    },
    {
      says: 'a tagged template',
      code: `logger.info(sql\`select \${id}\`)`,
    },
    {
      says: "Nest's context beside a constant text",
      code: `import { Logger } from '@nestjs/common'
Logger.log('Listening', 'Bootstrap')`,
    },
    {
      says: 'a category before the text',
      code: `Logger.info('queue', 'Removed memberships', { userId: event.userId })`,
    },
    {
      says: "pino's placeholder for an object that comes after",
      code: `import pino from 'pino'
pino().info('configured: %o', { port })`,
    },
    {
      says: 'a span event and a metric are no log',
      code: `span.addEvent(\`retry \${attempt}\`)
metrics.increment(\`jobs.\${name}\`)`,
    },
    {
      says: '`exception` of Telltale: the error is the second argument, the fields are the third',
      code: `import { getLogger } from 'telltale'
const log = getLogger('grading')
work().catch((error) => log.exception('work_failed', error, { attempt }))`,
    },
    {
      says: 'a sentence, where not every logger is asked for names',
      code: `logger.info({ id }, 'Order was placed')`,
      options: { names: 'telltale' },
    },
    {
      says: "an error as text is no sentence beside an event's name",
      code: `logger.error('scan_failed', \`\${error}\`, { attachmentId })`,
    },
    {
      says: 'a function of a name that says nothing, of a module that says nothing',
      code: `import { writeEvent } from './calendar.js'
writeEvent(\`Meeting of \${team}\`, { at })`,
    },
    {
      says: "names of other forms, a level or a request first, given to a function of one's own",
      code: `import { logEvent } from '../logging/index.js'
logEvent('order.placed', { id })
logEvent('OrderPlaced', { id })
logEvent('info', 'order placed', { id })
logEvent(req, 'order placed')`,
    },
    {
      says: "LogTape's placeholders",
      code: `import { getLogger } from '@logtape/logtape'
const orders = getLogger(['shop', 'orders'])
orders.info('order {id} placed', { id })`,
    },
  ],
  invalid: [
    {
      says: 'a template as the name',
      code: `import { getLogger } from 'telltale'
const log = getLogger('live')
log.info(\`Candidate of \${ticket.attemptId} connected\`)`,
      finds: [{ id: 'interpolated', line: 3 }],
      suggested: `import { getLogger } from 'telltale'
const log = getLogger('live')
log.info('candidate_connected', { attempt_id: ticket.attemptId })`,
      shown: true,
    },
    {
      says: 'an error in the name, and fields that are there',
      code: `import { getLogger } from 'telltale'
const log = getLogger('exports')
run(id).catch((error) => log.error(\`export failed: \${error}\`, { export_id: id }))`,
      finds: ['interpolated'],
      fixed: `import { getLogger } from 'telltale'
const log = getLogger('exports')
run(id).catch((error) => log.error('export_failed', { error, export_id: id }))`,
    },
    {
      says: 'the name of an exception, whose fields come after the error',
      code: `import { getLogger } from 'telltale'
const log = getLogger('courses')
remove(courseId).catch((error) => log.exception(\`Could not remove course \${courseId}\`, error))`,
      finds: ['interpolated'],
      fixed: `import { getLogger } from 'telltale'
const log = getLogger('courses')
remove(courseId).catch((error) => log.exception('could_not_remove_course', error, { course_id: courseId }))`,
    },
    {
      says: "a template in pino's text",
      code: `import pino from 'pino'
const logger = pino()
logger.info(\`sending invoice \${invoice.id} to \${account.email}\`)`,
      finds: ['interpolated'],
      suggested: `import pino from 'pino'
const logger = pino()
logger.info({ invoiceId: invoice.id, accountEmail: account.email }, 'sending invoice')`,
      shown: true,
    },
    {
      says: 'plain names in the text, which are mended at once',
      code: `import pino from "pino"
const logger = pino()
logger.info(\`sending invoice \${invoiceId}, attempt \${attempt}\`)`,
      finds: ['interpolated'],
      fixed: `import pino from "pino"
const logger = pino()
logger.info({ invoiceId, attempt }, "sending invoice, attempt")`,
      shown: true,
    },
    {
      says: 'texts that no field could be named after',
      code: `import pino from 'pino'
const logger = pino()
logger.info(\`order sent \${_}\`)
logger.info(\`order sent \${this}\`)
logger.info(\`order sent \${_2fa}\`)
logger.info(\`order sent \${orders[0]}\`)`,
      finds: ['interpolated', 'interpolated', 'interpolated', 'interpolated'],
    },
    {
      says: 'names of which no snake_case is left',
      code: `import { getLogger } from 'telltale'
const log = getLogger('x')
log.info(\`order sent \${名}\`)
log.info(\`order sent \${$}\`)`,
      finds: ['interpolated', 'interpolated'],
    },
    {
      says: 'a name that the line has itself, a comment, and parentheses',
      code: `import pino from 'pino'
const logger = pino()
logger.info(\`log level set \${level}\`)
logger.info(\`order sent \${id /* of the shop */}\`)
logger.info((\`order sent \${id}\`))`,
      finds: ['interpolated', 'interpolated', 'interpolated'],
    },
    {
      says: 'fields that are spread, one of which may have the name',
      code: `import pino from 'pino'
const logger = pino()
logger.info({ ...context }, \`order sent \${id}\`)`,
      finds: ['interpolated'],
      suggested: `import pino from 'pino'
const logger = pino()
logger.info({ ...context, id }, 'order sent')`,
    },
    {
      says: 'a field that is there under a quoted name',
      code: `import pino from 'pino'
const logger = pino()
logger.info({ 'id': order.id }, \`order sent \${id}\`)`,
      finds: ['interpolated'],
    },
    {
      says: 'a part of the verb, which stays',
      code: `import pino from 'pino'
const logger = pino()
logger.info(\`customer checked in \${customerId}\`)`,
      finds: ['interpolated'],
      fixed: `import pino from 'pino'
const logger = pino()
logger.info({ customerId }, 'customer checked in')`,
    },
    {
      says: 'an error in parentheses of its own, behind which nothing can be put',
      code: `import { getLogger } from 'telltale'
const log = getLogger('x')
run(id).catch((error) => log.exception(\`order failed \${id}\`, (error)))`,
      finds: ['interpolated'],
    },
    {
      says: "a template beside pino's fields",
      code: `import { pino } from 'pino'
const logger = pino().child({ module: 'mail' })
logger.warn({ attempt }, \`mail \${mail.id} not sent\`)`,
      finds: ['interpolated'],
      suggested: `import { pino } from 'pino'
const logger = pino().child({ module: 'mail' })
logger.warn({ mailId: mail.id, attempt }, 'mail not sent')`,
    },
    {
      says: 'a text that is joined, for winston',
      code: `const winston = require('winston')
const logger = winston.createLogger()
logger.info('Appointment booked by ' + req.account.id, { slot })`,
      language: 'cjs',
      finds: ['interpolated'],
      suggested: `const winston = require('winston')
const logger = winston.createLogger()
logger.info('Appointment booked', { accountId: req.account.id, slot })`,
      shown: true,
    },
    {
      says: 'a logger of another file, in the form of its other calls',
      code: `import { log } from './log.js'
log.info({ jobId: job.id }, 'job started')
log.info(\`processed \${rows.length} rows\`)`,
      finds: [{ id: 'interpolated', line: 3 }],
      suggested: `import { log } from './log.js'
log.info({ jobId: job.id }, 'job started')
log.info({ rows: rows.length }, 'processed rows')`,
    },
    {
      says: 'a logger whose form nobody knows: nothing is suggested',
      code: `import { log } from './log.js'
log.info(\`processed \${rows.length} rows\`)`,
      finds: ['interpolated'],
    },
    {
      says: "Nest's logger",
      code: `import { Logger } from '@nestjs/common'
class Prices {
  private readonly logger = new Logger(Prices.name)
  done(run: Run) {
    this.logger.log(\`Imported \${run.rows} prices, \${run.failed} failed\`)
  }
}`,
      finds: [{ id: 'interpolated', line: 5 }],
    },
    {
      says: "Nest's logger by its static methods",
      code: `import { Logger } from '@nestjs/common'
Logger.log(\`Listening on \${port}\`, 'Bootstrap')`,
      finds: ['interpolated'],
    },
    {
      says: 'a call in the hole: it is found, and left to a person',
      code: `import pino from 'pino'
pino().info(\`found \${rows.filter(isOpen).length} open rows\`)`,
      finds: ['interpolated'],
    },
    {
      says: 'a name of which one word would be left',
      code: `import { getLogger } from 'telltale'
getLogger('jobs').info(\`\${name}_failed\`, { job_id: id })`,
      finds: ['interpolated'],
    },
    {
      says: 'a text that is put together before, or by a function',
      code: `const { format } = require('node:util')
const text = \`order \${order.id} placed\`
logger.info(text)
logger.info(format('order %s placed', order.id))`,
      language: 'cjs',
      finds: [
        { id: 'interpolated', line: 3 },
        { id: 'interpolated', line: 4 },
      ],
    },
    {
      says: 'a text as the member of an object',
      code: `logger.log({ level: 'info', message: \`order \${order.id} placed\` })`,
      finds: ['interpolated'],
    },
    {
      says: 'a template after a category',
      code: `Logger.info('task', \`Revoking \${shares.length} shares\`)`,
      finds: ['interpolated'],
    },
    {
      says: 'the text of a wrapper that settings name',
      code: `audit(user, \`role \${role} granted\`)`,
      settings: { wrappers: [{ name: 'audit', event: 1, fields: 2 }] },
      finds: ['interpolated'],
      suggested: `audit(user, 'role granted', { role })`,
    },
    {
      says: 'a sentence as the name',
      code: `import { getLogger } from 'telltale'
const log = getLogger('attempts')
log.info('Closed expired attempts', { done })`,
      finds: [{ id: 'named', line: 3 }],
      suggested: `import { getLogger } from 'telltale'
const log = getLogger('attempts')
log.info('closed_expired_attempts', { done })`,
      shown: true,
    },
    {
      says: 'a sentence as the name, in a file of double quotes',
      code: `import { getLogger } from "telltale"
const log = getLogger("attempts")
log.info("Closed expired attempts", { done })`,
      finds: [{ id: 'named', line: 3 }],
      suggested: `import { getLogger } from "telltale"
const log = getLogger("attempts")
log.info("closed_expired_attempts", { done })`,
    },
    {
      says: 'one of two names that is none',
      code: `import { getLogger } from 'telltale'
getLogger('mail').info(ok ? 'mail_sent' : 'mail-failed')`,
      finds: ['named'],
      suggested: `import { getLogger } from 'telltale'
getLogger('mail').info(ok ? 'mail_sent' : 'mail_failed')`,
    },
    {
      says: 'a name out of what comes in',
      code: `import { getLogger } from 'telltale'
const log = getLogger('mail')
export function onEvent(event: MailEvent) {
  log.info(event.kind, { id: event.id })
}`,
      finds: [{ id: 'dynamic', line: 4 }],
    },
    {
      says: 'a name that a function makes',
      code: `import { getLogger } from 'telltale'
getLogger('mail').info(nameOf(job), { id: job.id })`,
      finds: ['dynamic'],
    },
    {
      says: 'fields that are no object',
      code: `import { getLogger } from 'telltale'
getLogger('mail').info('mail_sent', \`to \${domain}\`)`,
      finds: ['fields'],
    },
    {
      says: 'an object after the text, which pino drops',
      code: `import pino from 'pino'
const logger = pino()
logger.info('mail sent', { mailId: mail.id })`,
      finds: ['order'],
    },
    {
      says: 'a sentence of any logger, where all are asked for names',
      code: `logger.info({ id }, 'Order was placed')`,
      options: { names: 'all' },
      finds: ['named'],
      suggested: `logger.info({ id }, 'order_was_placed')`,
    },
    {
      says: "names for an event that are put together or sentences, given to a function of one's own",
      code: `import { logEvent } from './log.js'
logEvent('ticket_' + status, { ticketId })
logEvent('Created a ticket', { ticketId })`,
      finds: ['interpolated', 'named'],
    },
    {
      says: 'loggers of LogTape and of Lambda Powertools, whatever they are called',
      code: `import { getLogger } from '@logtape/logtape'
import { Logger } from '@aws-lambda-powertools/logger'
const orders = getLogger(['shop', 'orders'])
const out = new Logger({ serviceName: 'shop' })
orders.info(\`order \${id} placed\`)
out.warn('order ' + id + ' refused')`,
      finds: ['interpolated', 'interpolated'],
    },
  ],
}
