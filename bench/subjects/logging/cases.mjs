import { spawnSync } from 'node:child_process'

/**
 * Every logger that is measured: its program; whether its lines have the context and are without the secret, which is
 * checked before measuring; whether it opens a file itself (`transport`) instead of writing to standard output; the
 * goal, how many times as cheap Telltale is to be; and for the notes how it writes, or that it writes as another (`as`).
 */
export const cases = {
  telltale: {
    title: 'Telltale',
    context: true,
    redacts: true,
    writes:
      'withContext, deep key and value redaction; standard output, the lines of a turn in one synchronous write at its end (error and above at once)',
  },
  'pino-plain': {
    title: 'plain pino',
    goal: 1.25,
    writes:
      'neither context nor redaction; standard output, its default: asynchronous, one write at a time, what comes meanwhile waits',
  },
  'pino-child': {
    title: 'pino, child in AsyncLocalStorage, 6 paths',
    context: true,
    redacts: true,
    goal: 1.54,
    as: 'pino-plain',
  },
  'pino-mixin': {
    title: 'pino, the usual mixin, 6 paths',
    context: true,
    redacts: true,
    goal: 4,
    as: 'pino-plain',
  },
  'pino-tuned': {
    title: 'pino, a hand-tuned mixin, 6 paths',
    context: true,
    redacts: true,
    goal: 2,
    as: 'pino-plain',
  },
  'pino-wildcard': {
    title: 'pino, child, 15 wildcard paths',
    context: true,
    redacts: true,
    as: 'pino-plain',
  },
  'pino-buffered': {
    title: 'pino, child, 6 paths, 4 KiB at a time',
    context: true,
    redacts: true,
    writes: 'as plain pino, with minLength 4096: up to 4 KiB more wait, without a limit of time',
  },
  winston: {
    title: 'winston',
    transport: true,
    writes:
      'neither context nor redaction; pipe: Console, through process.stdout, a write a line; file: File, an asynchronous stream',
  },
  'winston-redact': {
    title: 'winston, context and redaction formats',
    context: true,
    redacts: true,
    transport: true,
    as: 'winston',
  },
  logtape: {
    title: 'LogTape, context, redactByField',
    context: true,
    redacts: true,
    transport: true,
    writes:
      'pipe: console sink, a write a line; file: its file sink, 8 KiB at a time, synchronous, with an fsync each, the one row that asks the disk',
  },
  evlog: {
    title: 'evlog, context, redaction',
    context: true,
    redacts: true,
    writes: 'standard output through console, a write a line',
  },
  structlog: {
    title: 'structlog',
    context: true,
    redacts: true,
    python: true,
    writes:
      "contextvars and a redacting processor; standard output, one write and flush a line; CPU by Python's own clock",
  },
}

/** The Python that has structlog, as Debian's python3-structlog gives it to the system's; undefined without one. */
export const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import structlog'], { stdio: 'ignore' }).status === 0,
)
