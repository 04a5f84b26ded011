import { expect, test } from 'vitest'
import { sampleName, samplesOf, textOf, total } from './samples.mjs'

test('two clients that say the same have the same samples, whatever their order and their extras', () => {
  const ours =
    '# HELP bench_x_total X.\n# TYPE bench_x_total counter\nbench_x_total{b="2",a="1"} 3\nbench_y 0.5\n'
  const theirs =
    'target_info{a="b"} 1\nbench_y{otel_scope_name="bench"} 0.5\nbench_x_total{a="1",b="2",otel_scope_name="bench"} 3\n'
  expect(samplesOf(ours)).toEqual(
    new Map([
      ['bench_x_total{a="1",b="2"}', 3],
      ['bench_y', 0.5],
    ]),
  )
  expect(new Map([...samplesOf(theirs)].toSorted())).toEqual(samplesOf(ours))
})

test('what is told twice or not at all is an error', () => {
  expect(() => samplesOf('bench_x{a="1",b="2"} 3\nbench_x{b="2",a="1"} 3')).toThrow('stands twice')
  expect(() => samplesOf('bench_x{a="1"} 3 4 5')).toThrow('no sample')
})

test('other names are left out, and escaped quotes end no value', () => {
  const text = 'up 1\nbench_x{a="a \\" b=\\"c",d="e"} 1\n'
  expect(samplesOf(text)).toEqual(new Map([['bench_x{a="a \\" b=\\"c",d="e"}', 1]]))
  expect(samplesOf(text, 'up')).toEqual(new Map([['up', 1]]))
})

test('samples are found by their labels and summed by their name', () => {
  const samples = samplesOf('bench_x{b="2",a="1"} 3\nbench_x{b="2",a="2"} 4\nbench_xy 5\nbench_z 6')
  expect(samples.get(sampleName('bench_x', { b: '2', a: '1' }))).toBe(3)
  expect(total(samples, 'bench_x')).toBe(7)
  expect(total(samples, 'bench_z')).toBe(6)
})

test('chunks may be cut anywhere', () => {
  const bytes = Buffer.from('ä 1\n')
  expect(textOf([bytes.subarray(0, 1), bytes.subarray(1)])).toBe('ä 1\n')
})
