import { parseArgs } from 'node:util'
import { nearest } from './nearest.js'
import { UsageError } from './usage-error.js'

/** What a command takes: options with a value are `string`, those without `boolean`. */
export type OptionTypes = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string }>
>

export interface Parsed {
  /** The values of each option given, in order; a flag's are empty texts. */
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly operands: readonly string[]
}

/** Reads a command line. Throws a `UsageError` that names what it does not know and what was probably meant. */
export function readArguments(command: string, args: readonly string[], options: OptionTypes): Parsed {
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...options },
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values = new Map<string, string[]>()
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
    if (option === undefined) throw unknown(command, token.rawName, options)
    const { value } = token
    if (option.type === 'boolean' && value !== undefined)
      throw new UsageError(`telltale ${command}: ${token.rawName} takes no value, got "${value}".`)
    const isMissing = value === undefined || value === '' || (!token.inlineValue && /^-./.test(value))
    if (option.type === 'string' && isMissing)
      throw new UsageError(`telltale ${command}: ${token.rawName} needs a value: ${token.rawName}=…`)
    values.set(token.name, [...(values.get(token.name) ?? []), value ?? ''])
  }
  return { values, operands }
}

function unknown(command: string, given: string, options: OptionTypes): UsageError {
  const known = Object.keys(options).map((name) => `--${name}`)
  const meant = nearest(given, known)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  return new UsageError(
    `telltale ${command}: unknown option ${given}.${hint}\nAccepted: ${known.join(', ')}.`,
  )
}
