import { dim } from './colours.js'
import type { Drawing } from './drawing.js'
import { numberOf, textOf, type Entry } from './entry.js'
import { escapeText } from './escape.js'
import { frame } from './frames.js'
import { segment, span } from './layout.js'
import { cut, tail } from './width.js'

const maxText = 512
const maxPlace = 80
const maxName = 32

/** Where in the code the event was raised, `src/pay.ts:41 charge`: written so, a terminal opens it. */
export function callSite(entry: Entry, cwd: string): Drawing | undefined {
  const file = textOf(entry, 'file')
  const line = numberOf(entry, 'line')
  if (file === undefined || line === undefined) return undefined
  const { directory, place } = frame('', file.slice(-maxText), cwd)
  const called = (textOf(entry, 'function') ?? '').slice(0, maxName * 2)
  const at = tail(escapeText(`${directory}${place}:${line}`), maxPlace)
  const name = called === '' ? '' : ` ${cut(escapeText(called), maxName)}`
  return { fields: [segment(3, span(`${at}${name}`, dim))], drawn: ['file', 'line', 'function'] }
}
