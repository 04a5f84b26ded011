import { describe, expect, it } from 'vitest'
import { hexId } from '../trace/ids.js'
import { Environment } from './environment.js'
import { samplingOf } from './sampler.js'

const none = new Environment({})
const by = (name: string, arg?: string): Environment =>
  new Environment({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: arg })

const id = (last14: string): string => `${'f'.repeat(18)}${last14}`
const low = id('00000000000000')
const high = id('ffffffffffffff')
const half = id('80000000000000')
const belowHalf = id('7fffffffffffff')

describe('samplingOf', () => {
  // Which are recorded: begun here at the lowest and the highest random value; called by one that is sampled; by one that is not.
  it.each([
    ['nothing', undefined, none, [true, true, true, false], true],
    ['tracesSampleRate: 1', 1, none, [true, true, true, false], true],
    ['tracesSampleRate: 0', 0, none, [false, false, true, false], true],
    ['tracesSampleRate: 0.5', 0.5, none, [false, true, true, false], true],
    ['always_on', undefined, by('always_on'), [true, true, true, true], true],
    ['always_off', undefined, by('always_off'), [false, false, false, false], false],
    ['traceidratio 0.5', undefined, by('traceidratio', '0.5'), [false, true, true, true], true],
    ['traceidratio', undefined, by('traceidratio'), [true, true, true, true], true],
    ['parentbased_always_on', undefined, by('parentbased_always_on'), [true, true, true, false], true],
    ['parentbased_always_off', undefined, by('parentbased_always_off'), [false, false, true, false], false],
    [
      'parentbased_traceidratio 0.5',
      undefined,
      by('parentbased_traceidratio', '0.5'),
      [false, true, true, false],
      true,
    ],
    [
      'parentbased_traceidratio 0',
      undefined,
      by('parentbased_traceidratio', '0'),
      [false, false, true, false],
      true,
    ],
    ['a share that is none', undefined, by('parentbased_traceidratio', '7'), [true, true, true, false], true],
    ['a sampler that is none', undefined, by('jaeger_remote'), [true, true, true, false], true],
    ['the option over the environment', 0, by('always_on'), [false, false, true, false], true],
  ] as const)('%s', (_name, rate, env, [lowest, highest, sampled, unsampled], keepOnError) => {
    const sampling = samplingOf(rate, undefined, env)
    expect(sampling.sample(low, undefined)).toBe(lowest)
    expect(sampling.sample(high, undefined)).toBe(highest)
    expect(sampling.sample(high, true)).toBe(sampled)
    expect(sampling.sample(high, false)).toBe(unsampled)
    expect(sampling.keepOnError).toBe(keepOnError)
  })

  it('takes a trace from its threshold on, whatever stands before the last 56 bits', () => {
    const { sample } = samplingOf(0.5, undefined, none)
    expect(sample(half, undefined)).toBe(true)
    expect(sample(belowHalf, undefined)).toBe(false)
    expect(sample(`${'0'.repeat(18)}80000000000000`, undefined)).toBe(true)
  })

  it('takes with a higher share all that a lower one takes', () => {
    const shares = [0.001, 0.01, 0.1, 0.5, 0.9].map((share) => samplingOf(share, undefined, none).sample)
    for (let i = 0; i < 2000; i++) {
      const traceId = hexId(16)
      const taken = shares.map((sample) => sample(traceId, undefined))
      expect(taken).toEqual(taken.toSorted((a, b) => Number(a) - Number(b)))
    }
  })

  it('takes about its share', () => {
    const { sample } = samplingOf(0.1, undefined, none)
    const taken = Array.from({ length: 20_000 }, () => sample(hexId(16), undefined)).filter(Boolean).length
    // Ten standard deviations of 42.
    expect(Math.abs(taken - 2000)).toBeLessThan(424)
  })

  it('takes none by a share that is less than one of all random values', () => {
    const { sample } = samplingOf(2 ** -60, undefined, none)
    expect(sample(high, undefined)).toBe(false)
    expect(samplingOf(2 ** -53, undefined, none).sample(high, undefined)).toBe(true)
  })

  it('keeps what failed or not as the option says', () => {
    expect(samplingOf(undefined, true, by('always_off')).keepOnError).toBe(true)
    expect(samplingOf(1, false, none).keepOnError).toBe(false)
  })
})
