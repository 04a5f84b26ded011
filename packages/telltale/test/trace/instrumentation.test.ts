import { afterEach, expect, it } from 'vitest'
import { Child, endChildren } from '../support/child.js'

interface Told {
  readonly by: string
  readonly kind: number
  readonly name: string
  readonly trace: string
  readonly id: string
  readonly parent?: string
  readonly route?: string
}

afterEach(endChildren)

const [internal, server, client] = [0, 1, 2]

it('beside OpenTelemetry’s instrumentation of node:http there is one span a request and call, and one header', async () => {
  const child = new Child('otel-http.cjs')
  expect(await child.ended).toEqual({ code: 0, signal: null })
  const spans = child.one('spans')['spans'] as Told[]
  const http = '@opentelemetry/instrumentation-http'
  const ordered: Told[] = []
  for (let at = spans.find(({ parent }) => parent === undefined); at !== undefined;) {
    ordered.push(at)
    const { id } = at
    at = spans.find(({ parent }) => parent === id)
  }
  expect(ordered.map(({ by, kind, name }) => [by, kind, name])).toEqual([
    [http, client, 'GET'],
    [http, server, expect.stringMatching(/^GET/)],
    ['telltale', internal, 'move'],
    ['telltale', internal, 'move call'],
    [http, client, 'GET'],
    [http, server, 'GET'],
  ])
  expect(spans).toHaveLength(6)
  expect(new Set(spans.map(({ trace }) => trace)).size).toBe(1)
  const [, request, , , call] = ordered as [Told, Told, Told, Told, Told]
  expect(request.route).toBe('/things/:id')
  const completed = child.one('request_completed')
  expect(completed).toMatchObject({ trace_id: request.trace, span_id: request.id })
  expect(child.one('called')).toMatchObject({
    traceparents: [`00-${call.trace}-${call.id}-01`],
    caller: completed['request_id'],
  })
})
