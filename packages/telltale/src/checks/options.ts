import { show } from '../self/show.js'

/** What an option takes, in words, and whether a value is that. */
export type Kind = readonly [takes: string, holds: (value: unknown) => boolean]

export const share: Kind = [
  'a share between 0 and 1 such as 0.1',
  (value) => typeof value === 'number' && value > 0 && value < 1,
]

/** Throws a TypeError that names the option, what it got and what it takes. */
export function checkOptions(of: string, options: object, known: Readonly<Record<string, Kind>>): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${of}: the options must be an object, got ${show(options)}.`)
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(known, name) ? known[name] : undefined
    if (kind === undefined) {
      throw new TypeError(
        `${of}: ${name} is not an option; there ${Object.keys(known).length > 1 ? 'are' : 'is'} ${Object.keys(known).join(', ')}.`,
      )
    }
    const [takes, holds] = kind
    if (value !== undefined && !holds(value))
      throw new TypeError(`${of}: ${name} must be ${takes}, got ${show(value)}.`)
  }
}
