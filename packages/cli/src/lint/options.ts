import { readArguments, type OptionTypes } from '../arguments.js'
import { nearest } from '../nearest.js'
import { UsageError } from '../usage-error.js'

export const hostNames = ['eslint', 'oxlint'] as const
export type HostName = (typeof hostNames)[number]

export const defaultBaseline = '.telltale-lint.json'

export interface LintCall {
  readonly host: HostName | undefined
  /** The host's configuration, where it is not found by itself. */
  readonly config: string | undefined
  /** Empty: the whole folder. */
  readonly paths: readonly string[]
  readonly task: 'compare' | 'record' | 'prune'
  readonly baseline: string
  /** Whether the call names the baseline, which is looked for otherwise. */
  readonly isNamed: boolean
  readonly errorsOnly: boolean
  readonly json: boolean
}

const accepted = {
  baseline: { type: 'boolean' },
  against: { type: 'string' },
  prune: { type: 'boolean' },
  host: { type: 'string' },
  config: { type: 'string' },
  quiet: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} satisfies OptionTypes

/** What is asked for. Throws a `UsageError` that says what was given and what is accepted. */
export function readOptions(args: readonly string[]): LintCall | 'help' {
  const { values, operands } = readArguments('lint', args.flatMap(withoutEqualsSign), accepted)
  if (values.has('help')) return 'help'
  const last = (name: keyof typeof accepted) => values.get(name)?.at(-1)
  const config = last('config')
  const common = {
    host: hostOf(last('host')) ?? hostOfConfig(config),
    config,
    errorsOnly: values.has('quiet'),
    json: values.has('json'),
  }
  const against = last('against')
  if (values.has('baseline')) {
    if (values.has('prune'))
      throw new UsageError(
        'telltale lint: --baseline records all that is there, --prune only takes out what is gone: give one of them.',
      )
    if (against !== undefined)
      throw new UsageError(
        `telltale lint: --against is for comparing. To record there: --baseline ${against}`,
      )
    return { ...common, task: 'record', paths: [], baseline: fileOf(operands), isNamed: operands.length > 0 }
  }
  const isPrune = values.has('prune')
  if (isPrune && operands.length > 0)
    throw new UsageError(
      `telltale lint: --prune looks at the whole folder, got ${operands.join(' ')}. Run it without paths.`,
    )
  return {
    ...common,
    task: isPrune ? 'prune' : 'compare',
    paths: operands,
    baseline: against ?? defaultBaseline,
    isNamed: against !== undefined,
  }
}

/** The value of `--baseline` may be left away, so the next word is an operand to the reader of arguments. */
function withoutEqualsSign(word: string): string[] {
  return word.startsWith('--baseline=') ? ['--baseline', word.slice('--baseline='.length)] : [word]
}

function fileOf(operands: readonly string[]): string {
  const [file = defaultBaseline, ...more] = operands
  if (more.length === 0 && file.endsWith('.json')) return file
  throw new UsageError(
    `telltale lint: --baseline records the whole folder and takes at most one file that ends in .json, got ${operands.join(' ')}.`,
  )
}

function hostOf(given: string | undefined): HostName | undefined {
  if (given === undefined) return undefined
  const host = hostNames.find((one) => one === given)
  if (host !== undefined) return host
  const meant = nearest(given, hostNames)
  throw new UsageError(
    `telltale lint: --host is ${hostNames.join(' or ')}, got "${given}".${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
  )
}

function hostOfConfig(path: string | undefined): HostName | undefined {
  if (path === undefined) return undefined
  return /\.jsonc?$|oxlint[^/]*$/.test(path) ? 'oxlint' : 'eslint'
}
