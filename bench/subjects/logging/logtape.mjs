// LogTape as its manual has it: JSON lines, implicit context, redaction by its own list of field names.
import { AsyncLocalStorage } from 'node:async_hooks'
import { getFileSink } from '@logtape/file'
import {
  configure,
  dispose,
  getConsoleSink,
  getJsonLinesFormatter,
  getLogger,
  withContext,
} from '@logtape/logtape'
import { DEFAULT_REDACT_FIELDS, redactByField } from '@logtape/redaction'
import { context, destination, runCase, stdoutWritten } from './event.mjs'

const formatter = getJsonLinesFormatter({ properties: 'flatten' })
const sink =
  destination === undefined ? getConsoleSink({ formatter }) : getFileSink(destination, { formatter })
await configure({
  sinks: {
    out: redactByField(sink, { fieldPatterns: DEFAULT_REDACT_FIELDS, action: () => '[REDACTED]' }),
  },
  loggers: [
    { category: 'assessments', lowestLevel: 'info', sinks: ['out'] },
    { category: ['logtape', 'meta'], lowestLevel: 'warning', sinks: ['out'] },
  ],
  contextLocalStorage: new AsyncLocalStorage(),
})
const log = getLogger('assessments')
await withContext(context, () =>
  runCase((event, fields) => log.info(event, fields), {
    async close() {
      await dispose()
      if (destination === undefined) await stdoutWritten()
    },
  }),
)
