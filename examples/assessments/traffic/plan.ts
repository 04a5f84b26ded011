import { createRandom } from './random.js'
import { scenarios, type ScenarioName } from './scenarios/index.js'

export interface PlannedVisit {
  /** Since the start of the traffic, at pace 1. */
  atMs: number
  scenario: ScenarioName
  /** Who plays it. Users take turns, so that one comes again when the last visit is long over. */
  userId: string
  /** Names the visit's own source of choices. */
  seed: string
}

const names = Object.keys(scenarios) as [ScenarioName, ...ScenarioName[]]
/** Each makes one visit at a time, which bounds how many are under way. */
const USERS = 20
/** What they show needs a few steps: a payment that fails, a retake that breaks. */
const FIRST: readonly ScenarioName[] = ['duplicate', 'payer']
const OPENING_GAP_MS = 300
const GAP_MS = { low: 400, high: 1_600 }

/**
 * Who comes when, without end: first every scenario once, close together and but for the first ones in a seeded order,
 * so that a short run sees them all, then each by its weight. The same seed gives the same plan.
 */
export function* createPlan(seed: number): Generator<PlannedVisit, never> {
  const random = createRandom(`${seed}/plan`)
  let atMs = 0
  const firstUser = random.int(0, USERS - 1)
  let count = 0
  const visit = (scenario: ScenarioName): PlannedVisit => ({
    atMs,
    scenario,
    userId: `u_${((firstUser + count) % USERS) + 1}`,
    seed: `${seed}/visit/${count++}`,
  })

  const opening = names.filter((name) => !FIRST.includes(name))
  for (const scenario of FIRST) {
    yield visit(scenario)
    atMs += OPENING_GAP_MS
  }
  while (opening.length > 0) {
    const [scenario] = opening.splice(random.int(0, opening.length - 1), 1)
    if (scenario) yield visit(scenario)
    atMs += OPENING_GAP_MS
  }
  const weighted = names.flatMap((name) => Array<ScenarioName>(scenarios[name].weight).fill(name))
  for (;;) {
    atMs += random.int(GAP_MS.low, GAP_MS.high)
    yield visit(random.pick(weighted as [ScenarioName, ...ScenarioName[]]))
  }
}
