import { screenAndCut } from '../redact/cut.js'
import { policy } from '../redact/policy.js'
import { Slices } from '../state/slices.js'
import type { Answer } from './answer.js'

const mostShown = 1000
const maxText = 256

type Row = Readonly<Record<string, string | number | undefined>>

/**
 * `{"count":1204,"requests":[…]}`: the first 1,000 of what is open and how many there are. Every text passes the redaction
 * policy and is cut to 256 characters. It is written in slices that let the event loop turn.
 */
export async function listed<T>(
  name: 'requests' | 'flows',
  open: ReadonlySet<T>,
  rowOf: (one: T) => Row,
): Promise<Answer> {
  const slices = new Slices()
  const count = open.size
  const rows = firstOf(open).map(rowOf)
  const texts: string[] = []
  for (const row of rows) {
    texts.push(JSON.stringify(row, shown))
    if (slices.isOver()) await slices.next()
  }
  return {
    status: 200,
    type: 'application/json; charset=utf-8',
    body: `{"count":${count},"${name}":[${texts.join(',')}]}\n`,
  }
}

function firstOf<T>(open: ReadonlySet<T>): T[] {
  const first: T[] = []
  for (const one of open) if (first.push(one) === mostShown) break
  return first
}

function shown(key: string, value: unknown): unknown {
  return typeof value === 'string' ? screenAndCut(policy.current, value, key, maxText) : value
}
