import { api } from '../api.js'
import type { Scenario } from '../visit.js'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

/** Header lines that no honest client sends; Node's parser refuses some, the service must stand the rest. */
const everyTime = [
  'x-request-id: \x1b[2J\x1b[31mred\x1b[0m',
  'x-request-id: \x9b31mred\x9b0m',
  `x-request-id: ${'A'.repeat(10_240)}`,
  'x-request-id: one\r\n two',
]

const hostileIds: readonly [string, ...string[]] = [
  'x-request-id: one\ntwo',
  'x-request-id: tab\there\x00\x07',
  'x-request-id: first-id-0001\r\nx-request-id: second-id-0002',
  'x-request-id: "},{"level":"critical","event":"forged"',
  'x-request-id: ${jndi:ldap://127.0.0.1/x}',
  'x-request-id: %0d%0alevel=critical',
  'x-request-id:',
]

const hostileTraces: readonly [string, ...string[]] = [
  'traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01',
  `traceparent: 00-${TRACE}-0000000000000000-01`,
  `traceparent: ff-${TRACE}-00f067aa0ba902b7-01`,
  `traceparent: 00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`,
  `traceparent: 00-${TRACE}-00f067aa0ba902b7-01-\x1b[31m`,
  `traceparent: ${'0'.repeat(10_240)}`,
  `tracestate: ${'a=1,'.repeat(2_000)}`,
]

/** Ids made to break a log, a terminal or a trace. The service answers with an id of its own, or refuses. */
export const hostile: Scenario = async ({ wire, client, random, canaries, userId, think }) => {
  const { method, path, route } = api.list(userId, 1)
  const send = (line: string): Promise<void> => {
    return wire.send({ method, path, route, lines: [line], expect: [200, 400, 431], mayBeCut: true })
  }
  for (const line of everyTime) await send(line)
  for (let left = random.int(1, 3); left > 0; left--) await send(random.pick(hostileIds))
  await think()
  for (let left = random.int(2, 3); left > 0; left--) await send(random.pick(hostileTraces))
  await send(`x-request-id: ${canaries.plant('header_request_id')}`)
  await client.send(api.list(userId, 1))
}
