import { expect, test } from 'vitest'
import { createReconciler } from '../start/reconcile.js'
import type { RequestEnd } from '../start/telemetry.js'
import type { Exchange, TrafficReport } from '../traffic/exchange.js'

const exchange = (over: Partial<Exchange> = {}): Exchange => ({
  kind: 'exchange',
  outcome: 'answered',
  method: 'GET',
  route: '/a/:id',
  status: 200,
  request_id: 'r-1',
  sent_id: null,
  trace_id: null,
  expected: true,
  cause: null,
  ...over,
})
const end = (over: Partial<RequestEnd> = {}): RequestEnd => ({
  id: 'r-1',
  traceId: 't-1',
  method: 'GET',
  route: '/a/:id',
  status: 200,
  ...over,
})
const report = (sent: number, over: Partial<TrafficReport> = {}): TrafficReport => ({
  kind: 'report',
  seed: 1,
  run: 'r',
  seconds: 1,
  sent,
  outcomes: { answered: sent, refused: 0, aborted: 0, lost: 0 },
  answered: {},
  scenarios: {},
  skipped: 0,
  broken: [],
  canaries: {},
  ...over,
})

function differences(
  sent: Exchange[],
  seen: RequestEnd[],
  told: TrafficReport | undefined = report(sent.length),
): string[] {
  const both = [true, false].map((clientFirst) => {
    const reconciler = createReconciler()
    if (clientFirst) sent.forEach(reconciler.sent)
    seen.forEach(reconciler.seen)
    if (!clientFirst) sent.forEach(reconciler.sent)
    return reconciler.differences(told)
  })
  expect(both[0]?.toSorted()).toEqual(both[1]?.toSorted())
  return both[0] ?? []
}

test('a request that both sides tell alike is no difference', () => {
  expect(differences([exchange()], [end()])).toEqual([])
  expect(differences([exchange({ sent_id: 'r-1', trace_id: 't-1' })], [end()])).toEqual([])
})

test.each([
  ['has no closing line', [exchange()], []],
  ['is in the log, and nobody sent it', [], [end()]],
  ['has two closing lines', [exchange()], [end(), end()]],
  ['was answered 200, the log says 201', [exchange()], [end({ status: 201 })]],
  ['was answered 200, the log says 499', [exchange()], [end({ status: 499 })]],
  ['is POST /a/:id in the log', [exchange()], [end({ method: 'POST' })]],
  ['is GET unmatched in the log', [exchange()], [end({ route: 'unmatched' })]],
  ['was sent with trace t-2, the log says t-1', [exchange({ trace_id: 't-2' })], [end()]],
  ['was sent as web-1 and came back as r-1', [exchange({ sent_id: 'web-1' })], [end()]],
  ['came back without an id', [exchange({ request_id: null })], []],
  ['was answered 500, which', [exchange({ status: 500, expected: false })], [end({ status: 500 })]],
])('what %s is named', (what, sent, seen) => {
  expect(differences(sent, seen)).toEqual([expect.stringContaining(what)])
})

test.each([499, 200, 422])('a request that its client left may have a line with %i', (status) => {
  const left = exchange({ outcome: 'aborted', status: null, request_id: null, sent_id: 'r-1' })
  expect(differences([left], [end({ status })])).toEqual([])
})

test('a request that its client left may have no line, never two, and no other route', () => {
  const left = exchange({ outcome: 'aborted', status: null, request_id: null, sent_id: 'r-1' })
  expect(differences([left], [])).toEqual([])
  expect(differences([left], [end({ status: 499 }), end()])).toEqual([
    expect.stringContaining('two closing lines'),
  ])
  expect(differences([left], [end({ route: '/b' })])).toEqual([
    expect.stringContaining('is GET /b in the log'),
  ])
})

test('what became of the requests that were left is counted', () => {
  const reconciler = createReconciler()
  for (const id of ['a', 'b', 'c']) {
    reconciler.sent(exchange({ outcome: 'aborted', status: null, request_id: null, sent_id: id }))
  }
  reconciler.seen(end({ id: 'a', status: 499 }))
  reconciler.seen(end({ id: 'b' }))
  expect(reconciler.aborted()).toEqual({ noticed: 1, finished: 1, neverArrived: 1 })
})

test('a request that the parser refused has no line', () => {
  const refused = exchange({ outcome: 'refused', status: 400, request_id: null })
  expect(differences([refused], [])).toEqual([])
  expect(differences([refused], [end()])).toEqual([expect.stringContaining('nobody sent it')])
})

test.each([
  ['without an id', null],
  ['with an id', 'r-1'],
])('a request %s that nothing answers is a difference, with a line and without', (_, sent_id) => {
  const lost = exchange({
    outcome: 'lost',
    status: null,
    request_id: null,
    sent_id,
    expected: false,
    cause: 'the connection broke',
  })
  for (const seen of [[], [end()], [end({ status: 499 })]]) {
    expect(differences([lost], seen)).toEqual(['GET /a/:id has no answer: the connection broke'])
  }
})

test('a request without an answer is none that its client left', () => {
  const reconciler = createReconciler()
  for (const id of ['a', 'b']) {
    reconciler.sent(
      exchange({ outcome: 'lost', status: null, request_id: null, sent_id: id, expected: false }),
    )
  }
  reconciler.seen(end({ id: 'a', status: 499 }))
  expect(reconciler.aborted()).toEqual({ noticed: 0, finished: 0, neverArrived: 0 })
})

test('a request whose bytes may be cut may have one line, under any id', () => {
  const lost = exchange({ outcome: 'lost', status: null, request_id: null })
  expect(differences([lost], [end({ id: 'x' })])).toEqual([])
  expect(differences([lost], [end({ id: 'x' }), end({ id: 'y' })])).toHaveLength(1)
})

test('a generator that tells less than it sent, ends without a report or fails is named', () => {
  expect(differences([exchange()], [end()], report(2))).toEqual([
    'the generator sent 2 requests, and told of 1',
  ])
  const reconciler = createReconciler()
  expect(reconciler.differences(undefined)).toEqual(['the generator ended without its report'])
  expect(differences([], [], report(0, { broken: ['payer: x'] }))).toEqual(['a scenario failed: payer: x'])
})

test('of many differences the first are named', () => {
  const sent = Array.from({ length: 100 }, (_, at) => exchange({ request_id: `r-${at}` }))
  const found = differences(sent, [])
  expect(found).toHaveLength(21)
  expect(found.at(-1)).toBe('… and more of the kind')
})
