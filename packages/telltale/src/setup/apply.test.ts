import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { thresholds } from '../log/levels.js'
import { gates } from '../log/gate.js'
import { getLogger } from '../log/logger.js'
import { pipeline } from '../log/pipeline.js'
import { recorder } from '../log/recorder/ring.js'
import { bounds } from '../log/sinks/patience.js'
import { stages } from '../log/stages.js'
import { limits as redactLimits } from '../redact/limits.js'
import { policy } from '../redact/policy.js'
import { limits } from '../metrics/limits.js'
import { counter } from '../metrics/index.js'
import { resetMetricsForTest } from '../metrics/registry.js'
import { apply } from './apply.js'

const identity = { service: 'applied' }

beforeEach(resetMetricsForTest)
afterEach(() => {
  resetMetricsForTest()
  vi.resetModules()
})

it('leaves everything as it was where an option is refused late', () => {
  apply({ log: { level: 'warning' } }, identity, {})
  counter('badly_named', { help: 'Against the practice.' })
  const before = { thresholds: { ...thresholds }, limits: { ...limits }, pipeline: { ...pipeline } }
  const options = { log: { level: 'debug' }, metrics: { strict: true, maxSeries: 7 } }
  expect(() => apply(options, { service: 'other' }, {})).toThrow(/badly_named/)
  expect({ thresholds: { ...thresholds }, limits: { ...limits }, pipeline: { ...pipeline } }).toEqual(before)
})

it('writes to one standard output from two copies of the package', async () => {
  apply({}, identity, {})
  const first = pipeline.routes[0]?.sink
  vi.resetModules()
  const copy = await import('./apply.js')
  expect(copy.apply).not.toBe(apply)
  copy.apply({}, identity, {})
  expect(first).toBeDefined()
  expect(pipeline.routes[0]?.sink).toBe(first)
})

describe("a file that can't be opened", () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-apply-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** All that options decide, as it is now. */
  function decided(): object {
    return {
      thresholds: { ...thresholds },
      limits: { ...limits },
      pipeline: { ...pipeline },
      recorder: { ...recorder },
      gates: { ...gates },
      stages: { ...stages },
      bounds: { ...bounds },
      redactLimits: { ...redactLimits },
      policy: policy.current,
    }
  }

  const openFiles = (): number => readdirSync('/proc/self/fd').length

  it('is refused by name, and leaves everything as it was', () => {
    apply({}, identity, {})
    const before = decided()
    const bad = join(folder, 'missing\0', 'app.log')
    const options = {
      redact: { keys: ['email'] },
      log: {
        level: 'debug',
        keys: { event: 'message' },
        recorder: { size: 3 },
        flood: { perSecond: 1 },
        sample: { a: 0 },
        processors: [() => false],
        callSite: true,
        maxBlockMs: 1,
        limits: { depth: 2 },
        sinks: [{ file: bad }],
      },
      metrics: { maxSeries: 7 },
    }
    const refused = (): unknown => apply(options, { service: 'other' }, {})
    expect(refused).toThrow(TypeError)
    expect(refused).toThrow(/^setup\(\): log\.sinks: the file ".*app\.log" can't be opened: /)
    expect(decided()).toEqual(before)
  })

  // Descriptors can be counted there.
  it.runIf(process.platform === 'linux')(
    'leaves no other file open, whether a file or another option is refused',
    () => {
      apply({}, identity, {})
      const before = openFiles()
      const good = (name: string): { file: string } => ({ file: join(folder, name) })
      for (let n = 0; n < 20; n++) {
        expect(() => apply({ log: { sinks: [good(`a${n}.log`), { file: folder }] } }, identity, {})).toThrow(
          /EISDIR/,
        )
        expect(() => apply({ log: { level: 'loud', sinks: [good(`b${n}.log`)] } }, identity, {})).toThrow(
          /loud/,
        )
      }
      expect(openFiles()).toBe(before)
      expect(existsSync(join(folder, 'b0.log'))).toBe(false)
    },
  )

  it('may be asked for again once it can be opened', () => {
    const file = join(folder, 'later.log')
    expect(() => apply({ log: { level: 'loud', sinks: [{ file }] } }, identity, {})).toThrow(/loud/)
    apply({ log: { level: 'info', sinks: [{ file }] } }, identity, {})
    getLogger('app').error('written')
    expect(readFileSync(file, 'utf8')).toMatch(/"event":"written"/)
    apply({}, identity, {})
  })
})
