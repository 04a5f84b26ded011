import { screenAndCut } from '../redact/cut.js'
import { policy, type Policy } from '../redact/policy.js'
import { slot } from '../state/state.js'
import { flat } from './flat.js'
import { quote } from './quote.js'
import { cutKeys, errorKeys, reservedKeys } from './reserved-keys.js'

/** What is known about a field's name, decided once per name and policy. */
export interface KeyInfo {
  /** The name screened and cut. */
  readonly name: string
  /** `"name":`, screened and escaped. */
  readonly text: string
  /** `,"name":`, for all but the first. */
  readonly next: string
  readonly secret: boolean
  /** The decision where the value is a number: `tokens: 12` is a count. */
  readonly secretNumber: boolean
  /** The name held a secret itself; several such names of one object would become the same. */
  readonly altered: boolean
  /** The line itself writes a key of this name: a field is written as `name_`. */
  readonly reserved: boolean
  /** `error` or `err`. */
  readonly errorName: boolean
  /** `{ name, value }` pairs: whether `value` is secret is decided by its neighbour. */
  readonly pairValue: boolean
}

const always = [...errorKeys, ...Object.values(cutKeys)]
const reserved = slot('encode.reserved', () => ({ names: new Set<string>([...reservedKeys, ...always]) }))

/** The names under which the line's own keys are written, where `log.keys` renames some. */
export function setReservedNames(names: readonly string[]): void {
  reserved.names = new Set([...names, ...always])
  known = new Map()
}

const maxKeys = 4096
const maxName = 256

let decidedBy: Policy | undefined
let known = new Map<string, KeyInfo>()

/** Cost: one map lookup for a name seen before. */
export function keyInfo(name: string): KeyInfo {
  if (decidedBy !== policy.current) {
    decidedBy = policy.current
    known = new Map()
  }
  const info = known.get(name)
  if (info !== undefined) return info
  const decided = decide(name)
  // Long names are data, and would be kept whole; a full cache is begun anew, so that junk can't shut out real names.
  if (name.length > maxName) return decided
  if (known.size >= maxKeys) known.clear()
  known.set(name, decided)
  return decided
}

function decide(name: string): KeyInfo {
  const shown = screenAndCut(policy.current, name, undefined, maxName)
  const text = `${quote(shown)}:`
  return {
    name: shown,
    text: flat(text),
    next: flat(`,${text}`),
    secret: policy.current.key(name),
    secretNumber: policy.current.key(name, 0),
    altered: shown !== name,
    reserved: reserved.names.has(name),
    errorName: name === 'error' || name === 'err',
    pairValue: name === 'value' || name === 'Value',
  }
}

/** The text of a key of an object, numbered where another name of the object has been altered to the same. */
export function alteredKeyText(info: KeyInfo, taken: Set<string>): string {
  let name = info.name
  for (let n = 2; taken.has(name); n++) name = `${info.name} #${n}`
  taken.add(name)
  return `${quote(name)}:`
}
