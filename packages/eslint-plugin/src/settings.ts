import type { TelltaleWrapper } from './types.js'

/** A function of the service's own that tells what happened, with what it leaves unsaid. */
export type Wrapper = Readonly<Required<TelltaleWrapper>>

export interface Settings {
  wrapperOf(path: readonly string[]): Wrapper | undefined
  /** More beginnings of names that say that a call has an effect worth telling: `reconcile`. */
  readonly effects: readonly string[]
}

const kinds = ['log', 'report', 'metric', 'span']
const none: Settings = { wrapperOf: () => undefined, effects: [] }
const known = new WeakMap<object, Settings>()

/** `settings.telltale` of the configuration. Throws an Error that names what it can't use. */
export function settingsOf(all: Readonly<Record<string, unknown>> | undefined): Settings {
  const given: unknown = all?.['telltale']
  if (given === undefined) return none
  if (!isObject(given)) throw new Error(`settings.telltale must be an object, got ${shown(given)}.`)
  const read = known.get(given) ?? readSettings(given)
  known.set(given, read)
  return read
}

function readSettings(given: Record<string, unknown>): Settings {
  for (const name of Object.keys(given)) {
    if (name !== 'wrappers' && name !== 'effects')
      throw new Error(`settings.telltale.${name} is not a setting; there are wrappers, effects.`)
  }
  const { wrappers = [], effects = [] } = given
  if (!Array.isArray(wrappers))
    throw new Error(`settings.telltale.wrappers must be an array, got ${shown(wrappers)}.`)
  if (!Array.isArray(effects) || !effects.every((each) => typeof each === 'string' && each !== ''))
    throw new Error(`settings.telltale.effects must be an array of words, got ${shown(effects)}.`)
  const byPath = wrappers.map((each: unknown, index) => wrapperIn(each, index))
  return {
    effects: effects as string[],
    wrapperOf(path) {
      if (byPath.length === 0) return undefined
      const text = `.${path.join('.')}`
      return byPath.find(({ name }) => text.endsWith(`.${name}`))
    },
  }
}

function wrapperIn(value: unknown, index: number): Wrapper {
  const at = `settings.telltale.wrappers[${index}]`
  const shape = `{ name: 'audit.record', kind: 'log', event: 0, fields: 1 }`
  if (!isObject(value)) throw new Error(`${at} must be an object such as ${shape}, got ${shown(value)}.`)
  for (const name of Object.keys(value)) {
    if (!['name', 'kind', 'event', 'fields'].includes(name))
      throw new Error(`${at}.${name} is not known; a wrapper is ${shape}.`)
  }
  const { name, kind = 'log', event, fields } = value
  if (typeof name !== 'string' || !asWritten.test(name))
    throw new Error(
      `${at}.name must be the call as it is written, such as 'audit.record', got ${shown(name)}.`,
    )
  if (!kinds.includes(kind as string))
    throw new Error(`${at}.kind must be one of ${kinds.join(', ')}, got ${shown(kind)}.`)
  for (const [position, given] of Object.entries({ event, fields })) {
    if (given !== undefined && !(Number.isSafeInteger(given) && Number(given) >= 0))
      throw new Error(`${at}.${position} must be an argument's position from 0, got ${shown(given)}.`)
  }
  if (event !== undefined && event === fields)
    throw new Error(
      `${at}.event and .fields are two arguments' positions, such as event: 0, fields: 1; both are ${shown(event)}.`,
    )
  const first = (event ?? (fields === 0 ? 1 : 0)) as number
  return { name, kind: kind as Wrapper['kind'], event: first, fields: (fields ?? first + 1) as number }
}

// What can stand before the parenthesis of a call, `?.` and brackets left out.
const asWritten = /^[$_\p{ID_Start}][$\p{ID_Continue}]*(?:\.[$_\p{ID_Start}][$\p{ID_Continue}]*)*$/u

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  return typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value))
}
