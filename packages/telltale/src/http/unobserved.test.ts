import { trace } from '@opentelemetry/api'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { afterEach, expect, it } from 'vitest'
import { isUnobserved, unobserved } from './unobserved.js'

afterEach(() => trace.disable())

it('holds while it runs, however deep, and gives back what is returned and thrown', () => {
  expect(isUnobserved()).toBe(false)
  const inside = unobserved(() => [isUnobserved(), unobserved(isUnobserved), isUnobserved()])
  expect(inside).toEqual([true, true, true])
  const problem = new Error('inside')
  expect(() =>
    unobserved(() => {
      throw problem
    }),
  ).toThrow(problem)
  expect(isUnobserved()).toBe(false)
})

it('holds for the instrumentation of an OpenTelemetry SDK', () => {
  new NodeTracerProvider().register()
  const begin = (): boolean => trace.getTracer('test').startSpan('call').isRecording()
  expect(begin()).toBe(true)
  expect(unobserved(begin)).toBe(false)
  expect(begin()).toBe(true)
})
