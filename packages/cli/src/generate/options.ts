import { readArguments, type OptionTypes } from '../arguments.js'
import { nearest } from '../nearest.js'
import { UsageError } from '../usage-error.js'

const subjects = ['dashboard', 'alerts'] as const

interface Common {
  /** A URL, a file, a module; `-` is standard input. */
  readonly source: string
  readonly job: string | undefined
  readonly errorRatio: number
  readonly flowFailureRatio: number
  readonly output: string | undefined
}

export interface DashboardCall extends Common {
  readonly what: 'dashboard'
  readonly title: string
  readonly uid: string
}

export interface AlertsCall extends Common {
  readonly what: 'alerts'
  readonly job: string
  readonly runbooks: string | undefined
}

const common = {
  job: { type: 'string' },
  'error-ratio': { type: 'string' },
  'flow-failure-ratio': { type: 'string' },
  output: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} satisfies OptionTypes
const accepted = {
  dashboard: { ...common, title: { type: 'string' }, uid: { type: 'string' } },
  alerts: { ...common, runbooks: { type: 'string' } },
} satisfies Record<(typeof subjects)[number], OptionTypes>

const maxUid = 40

/** What is asked for. Throws a `UsageError` that says what was given and what is accepted. */
export function readOptions(args: readonly string[]): DashboardCall | AlertsCall | 'help' {
  const [word, ...rest] = args
  if (word === undefined || word === '--help' || word === '-h' || word === 'help') {
    if (word !== undefined) return 'help'
    throw new UsageError(
      `telltale generate needs to know what: ${subjects.join(' or ')}.\nTry: telltale generate dashboard http://localhost:3000/metrics, or telltale generate --help.`,
    )
  }
  const what = subjects.find((one) => one === word)
  if (what === undefined) throw unknownSubject(word)
  const { values, operands } = readArguments(`generate ${what}`, rest, accepted[what])
  if (values.has('help')) return 'help'
  const last = (name: string) => values.get(name)?.at(-1)
  const [source, ...more] = operands
  if (source === undefined || more.length > 0)
    throw new UsageError(
      `telltale generate ${what} takes one source, got ${operands.length}: a URL (http://localhost:3000/metrics), a file, a module, or - for standard input.`,
    )
  const job = name(what, 'job', last('job'))
  const call = {
    source,
    job,
    errorRatio: ratio(what, 'error-ratio', last('error-ratio') ?? '0.05'),
    flowFailureRatio: ratio(what, 'flow-failure-ratio', last('flow-failure-ratio') ?? '0.1'),
    output: last('output'),
  }
  if (what === 'dashboard') {
    const title = name(what, 'title', last('title')) ?? job ?? 'Telltale'
    return { what, ...call, title, uid: uidOf(last('uid'), title) }
  }
  if (job === undefined)
    throw new UsageError(
      'telltale generate alerts needs --job: the job_name under which scrape_configs of Prometheus has the service.\nWithout it an alert would not know a service that is gone from one that never was.',
    )
  return { what, ...call, job, runbooks: absolute(last('runbooks')) }
}

function unknownSubject(word: string): UsageError {
  const meant = nearest(word, subjects)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  return new UsageError(
    `telltale generate: can't make ${JSON.stringify(word)}.${hint}\nAccepted: ${subjects.join(', ')}.`,
  )
}

function name(what: string, option: string, given: string | undefined): string | undefined {
  if (given === undefined || /^[^\p{Cc}\u2028\u2029]*[^\p{Cc}\s]$/u.test(given)) return given
  throw new UsageError(
    `telltale generate ${what}: --${option} is a text on one line, got ${JSON.stringify(given)}.`,
  )
}

function ratio(what: string, option: string, given: string): number {
  const number = /^\d*\.?\d+$/.test(given) ? Number(given) : NaN
  if (number > 0 && number < 1) return number
  throw new UsageError(
    `telltale generate ${what}: --${option} is a share between 0 and 1, such as 0.05 for 5 %, got "${given}".`,
  )
}

function uidOf(given: string | undefined, title: string): string {
  if (given !== undefined) {
    if (/^[\w-]+$/.test(given) && given.length <= maxUid) return given
    throw new UsageError(
      `telltale generate dashboard: --uid is up to ${maxUid} letters, digits, - and _, got "${given}".`,
    )
  }
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  if (slug === '')
    throw new UsageError(
      `telltale generate dashboard: no id can be made from the title "${title}". Give one: --uid=…`,
    )
  return (slug.startsWith('telltale') ? slug : `telltale-${slug}`).slice(0, maxUid)
}

function absolute(given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const isUrl = URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)
  if (isUrl && !/\s/.test(given)) return given
  throw new UsageError(
    `telltale generate alerts: --runbooks is an absolute address such as https://wiki.example/runbooks, got "${given}".`,
  )
}
