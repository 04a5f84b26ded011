import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { observePg } from './pg.js'

describe('a query that submits itself', () => {
  type Done = (error: Error | null, result?: unknown) => void
  class Submitted extends EventEmitter {
    readonly text = 'select 1'
    constructor(public callback?: Done) {
      super()
    }
    submit(): void {}
    /** As `pg` does: a callback is told, or else listeners are. */
    fail(error: Error): void {
      if (this.callback !== undefined) this.callback(error)
      else this.emit('error', error)
    }
  }
  const client = observePg({
    query(submitted: Submitted, done?: Done) {
      submitted.callback ??= done
      return submitted
    },
  })
  const broken = new Error('the connection broke')
  let out: Capture
  beforeEach(() => {
    out = new Capture({ log: { level: 'debug' } })
  })
  afterEach(() => out.telltale.shutdown())

  test('and fails with nobody listening throws as before, and is told', () => {
    const submitted = client.query(new Submitted())
    expect(submitted.listenerCount('error')).toBe(0)
    expect(() => submitted.fail(broken)).toThrow(broken)
    expect(out.one('query_failed')).toMatchObject({ error: { message: broken.message } })
  })

  test('and has a callback tells it, and is told once', () => {
    const heard: unknown[] = []
    client.query(new Submitted((error) => heard.push(error))).fail(broken)
    client.query(new Submitted(), (error) => heard.push(error)).fail(broken)
    expect(heard).toEqual([broken, broken])
    expect(out.events('query_failed')).toHaveLength(2)
    const well = client.query(new Submitted((_error, result) => heard.push(result)))
    well.callback!(null, { rowCount: 3 })
    well.emit('end')
    expect(heard.at(-1)).toEqual({ rowCount: 3 })
    expect(out.one('query_executed')).toMatchObject({ rows: 3 })
  })
})
