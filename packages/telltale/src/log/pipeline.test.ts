import { afterEach, describe, expect, it, vi } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { getLogger } from '../index.js'
import { droppedCounts } from '../self/dropped.js'
import { flushAtExit } from './deliver.js'
import { pipeline } from './pipeline.js'
import type { Sink } from './sinks/sink.js'

const fail = (): never => {
  throw Object.create(null)
}
const later = (): Promise<void> => Promise.reject(Object.create(null) as Error)
const sinks: Record<string, Sink> = {
  throws: { write: fail, flush: fail, flushAndWait: fail },
  rejects: { write: later, flush: later, flushAndWait: later },
}

function lost(reason: string): number {
  for (const each of droppedCounts()) if (each.signal === 'log' && each.reason === reason) return each.count
  return 0
}

let out: Capture | undefined
afterEach(() => out?.telltale.shutdown())

describe.each(Object.entries(sinks))('a sink that %s', (_name, broken) => {
  function start(): { text: () => string } {
    let text = ''
    out = new Capture({ log: { sinks: [broken, { write: (line) => void (text += line) }] } })
    return { text: () => text }
  }

  it('costs the others nothing and is counted by its own reason', async () => {
    const rejected = vi.fn<() => void>()
    process.on('unhandledRejection', rejected)
    const { text } = start()
    // What the former destinations answered to their last flush has come.
    await new Promise(setImmediate)
    const [sink, encode] = [lost('sink'), lost('encode')]
    getLogger('app').info('first')
    getLogger('app').error('second')
    await vi.waitFor(() => expect(lost('sink') - sink).toBe(3))
    expect(text()).toMatch(/"first".*\n.*"second"/)
    expect(lost('encode')).toBe(encode)
    await new Promise(setImmediate)
    process.off('unhandledRejection', rejected)
    expect(rejected).not.toHaveBeenCalled()
  })

  it('lets the process shut down and exit', async () => {
    start()
    await expect(out!.telltale.shutdown()).resolves.toBeUndefined()
    expect(() => flushAtExit()).not.toThrow()
  })

  it('does not keep setup() from starting, nor lose what was held before', () => {
    pipeline.open = false
    getLogger('app').info('held_first')
    getLogger('app').info('held_second')
    const { text } = start()
    expect(text()).toMatch(/"held_first".*\n.*"held_second"/)
  })
})
