import { expect, test } from 'vitest'
import { createCanaries } from '../traffic/canaries.js'
import { createPlan, type PlannedVisit } from '../traffic/plan.js'
import { createRandom } from '../traffic/random.js'
import { scenarios } from '../traffic/scenarios/index.js'
import { loopbackTarget } from '../traffic/target.js'

const first = (seed: number, count: number): PlannedVisit[] => {
  const plan = createPlan(seed)
  return Array.from({ length: count }, () => plan.next().value)
}

test('the same seed makes the same plan, another seed another', () => {
  expect(first(7, 200)).toEqual(first(7, 200))
  expect(first(7, 200)).not.toEqual(first(8, 200))
})

test('the plan begins with every scenario once, close enough together for a run of three seconds', () => {
  const names = Object.keys(scenarios)
  const opening = first(3, names.length)
  expect(opening.map(({ scenario }) => scenario).toSorted()).toEqual(names.toSorted())
  expect(opening.at(-1)?.atMs).toBeLessThan(3_000)
})

test('users take turns, in an order of the plan', () => {
  const users = first(7, 40).map(({ userId }) => userId)
  expect(new Set(users.slice(0, 20)).size).toBe(20)
  expect(users.slice(20)).toEqual(users.slice(0, 20))
})

test('visits come in the order of their time, by weight', () => {
  const visits = first(1, 2_000)
  expect(visits.every(({ atMs }, at) => at === 0 || atMs > (visits[at - 1]?.atMs ?? 0))).toBe(true)
  const of = (name: string): number => visits.filter(({ scenario }) => scenario === name).length
  expect(of('learner')).toBeGreaterThan(of('burst') * 3)
})

test('what one visit draws does not shift another', () => {
  const source = createRandom('a')
  const before = source.fork('child').text(8)
  source.next()
  expect(source.fork('child').text(8)).toBe(before)
})

test('draws stay in their bounds and reach both', () => {
  const random = createRandom(1)
  const drawn = new Set(Array.from({ length: 500 }, () => random.int(2, 5)))
  expect([...drawn].toSorted()).toEqual([2, 3, 4, 5])
})

test('canaries are the same for one seed and run, and share no secret with another run', () => {
  const secrets = (run: string): string[] =>
    createCanaries({ seed: 1, run })
      .all()
      .map(({ secret }) => secret)
  expect(secrets('aa')).toEqual(secrets('aa'))
  const other = new Set(secrets('bb'))
  expect(secrets('aa').filter((secret) => other.has(secret))).toEqual([])
  expect(new Set(secrets('aa')).size).toBe(secrets('aa').length)
})

test('what a client sends holds the secret that must not come out', () => {
  for (const { text, secret } of createCanaries({ seed: 1, run: 'aa' }).all()) expect(text).toContain(secret)
})

test('card canaries pass the Luhn check', () => {
  for (const { secret } of createCanaries({ seed: 1, run: 'aa' })
    .all()
    .filter(({ place }) => place.includes('card'))) {
    expect(secret).toMatch(/^4\d{15}$/)
    const sum = [...secret].toReversed().reduce((total, digit, at) => {
      const weighed = Number(digit) * (at % 2 === 0 ? 1 : 2)
      return total + (weighed > 9 ? weighed - 9 : weighed)
    }, 0)
    expect(sum % 10).toBe(0)
  }
})

test('planting is counted by place', () => {
  const canaries = createCanaries({ seed: 1, run: 'aa' })
  canaries.plant('query_token')
  canaries.plant('query_token')
  expect(canaries.planted()).toEqual({ query_token: 2 })
})

test.each(['http://127.0.0.1:3000', 'http://localhost:1', 'http://[::1]:80/', 'http://127.9.9.9:2'])(
  'traffic may go to %s',
  (text) => expect(loopbackTarget(text).protocol).toBe('http:'),
)

test.each([
  'http://example.com',
  'http://10.0.0.1:80',
  'https://127.0.0.1',
  'http://127.0.0.1.example.com',
  'http://localhost@example.com',
  'file:///etc/passwd',
  '',
])('traffic is never sent to %j', (text) => {
  expect(() => loopbackTarget(text)).toThrow(/must be an http:\/\/ URL on loopback/)
})
