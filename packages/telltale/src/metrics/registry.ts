import { isMainThread } from 'node:worker_threads'
import { policy } from '../redact/policy.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import { describe, type Definition, identity, seriesLimit } from './definition.js'
import type { Family } from './family.js'
import { limits } from './limits.js'
import { wantsOnly, writtenNames } from './names.js'
import { mergeParts } from './parts/merge.js'
import { parts, screenKept } from './parts/parts.js'
import { droppedFamily } from './self.js'
import { Slices } from '../state/slices.js'
import { sourced } from './sources.js'
import { styleOffence } from './style.js'
import { takeFromWorkers } from './threads/receive.js'

const registry = slot('metrics', () => ({
  families: new Map<string, Family>(),
  /** Who writes each name. */
  written: new Map<string, Definition>(),
  expiry: undefined as NodeJS.Timeout | undefined,
  /** By which redaction policy the labels are screened, or are about to be. */
  policy: policy.current as typeof policy.current | undefined,
  screening: Promise.resolve() as Promise<void>,
}))

/**
 * The metric of this definition: the one already there, or what `create` makes. Throws for a name that is taken by
 * another definition, and for one against the naming practice where `metrics.strict` is on (else says it once).
 */
export function register<F extends Family>(definition: Definition, create: () => F): F {
  const own = definition.name === droppedFamily.definition.name
  const existing = own ? droppedFamily : registry.families.get(definition.name)
  if (existing !== undefined) {
    if (identity(existing.definition) === identity(definition)) return existing as F
    throw conflict(existing.definition, definition)
  }
  const names = writtenNames(definition)
  const clashing = names.map((name) => registry.written.get(name)).find((other) => other !== undefined)
  if (clashing !== undefined) throw conflict(clashing, definition)
  checkStyle(definition, limits.strict)
  const family = create()
  registry.families.set(definition.name, family)
  for (const name of names) registry.written.set(name, definition)
  if (!isMainThread && definition.ttlMs !== undefined) expireWithoutScrapes()
  return family
}

/** Takes a metric out of the registry, if it is the one there. */
export function unregister(family: Family): void {
  const { name } = family.definition
  if (registry.families.get(name) !== family) return
  registry.families.delete(name)
  for (const written of writtenNames(family.definition)) registry.written.delete(written)
}

/**
 * Sets the default number of label sets a metric may have, and whether names against the practice are errors; then
 * metrics already defined are checked again. Throws an Error that names the option or the metric, and changes nothing then.
 */
export function configureMetrics(options: { readonly maxSeries?: number; readonly strict?: boolean }): void {
  const { maxSeries, strict } = options
  const next = {
    maxSeries: maxSeries === undefined ? limits.maxSeries : seriesLimit('metrics.maxSeries', maxSeries),
    strict: strict ?? limits.strict,
  }
  if (next.strict) for (const { definition } of registry.families.values()) checkStyle(definition, true)
  Object.assign(limits, next)
  for (const family of registry.families.values()) family.makeRoom?.()
}

/** Each metric's definition as plain data, by name: for generators of dashboards, alerts and docs. */
export function metricDefinitions(): readonly Definition[] {
  return structuredClone(ownDefinitions()).sort(byName)
}

const ownDefinitions = (): Definition[] =>
  [...registry.families.values(), droppedFamily].map(({ definition }) => definition)

const byName = (a: Definition, b: Definition): number => (a.name < b.name ? -1 : 1)

/**
 * Every family by name, or those of which these are names, brought up to date within `timeoutMs`, with what other threads and
 * processes measured in it; one whose `collect` failed is left out.
 */
export async function scraped(
  names: readonly string[] | undefined,
  timeoutMs: number,
): Promise<readonly Family[]> {
  const isWanted = wantsOnly(names)
  await screenLabels()
  const asked = [...registry.families.values()].filter(({ definition }) => isWanted(definition))
  const [collected, neighbours] = await Promise.all([
    Promise.all(asked.map((family) => family.collect?.(timeoutMs) ?? true)),
    sourced(isWanted, ownDefinitions(), timeoutMs),
    ...[...parts.refreshers].map((refresh) => refresh()),
  ])
  const families = asked.filter((_, i) => collected[i])
  const slices = new Slices()
  for (const family of families) await family.expire?.(slices)
  if (isWanted(droppedFamily.definition)) {
    // Last, so that it counts what failed above.
    void droppedFamily.collect?.(timeoutMs)
    families.push(droppedFamily)
  }
  takeFromWorkers()
  const failed = new Set(asked.filter((_, i) => !collected[i]).map(({ definition }) => definition.name))
  const merged = await mergeParts(families, (one) => !failed.has(one.name) && isWanted(one))
  const taken = new Set(merged.map(({ definition }) => definition.name))
  const others = neighbours.filter(({ definition }) => !taken.has(definition.name))
  return [...merged, ...others].sort((a, b) => byName(a.definition, b.definition))
}

/** Screens the labels of all series by the redaction policy where it has changed since that was done. */
export function screenLabels(): Promise<void> {
  if (registry.policy !== policy.current) {
    registry.policy = policy.current
    registry.screening = screenAll().catch((error: unknown) => {
      // Rather no scrape than one with labels that the policy forbids; the next one tries again.
      registry.policy = undefined
      throw error
    })
  }
  return registry.screening
}

async function screenAll(): Promise<void> {
  const slices = new Slices()
  for (const family of registry.families.values()) await family.screen?.(slices)
  await screenKept()
}

/** Every family as it stands, not brought up to date. */
export function currentFamilies(): Family[] {
  return [...registry.families.values(), droppedFamily]
}

/** A worker thread is not asked when it is scraped. */
function expireWithoutScrapes(): void {
  registry.expiry ??= setTimeout(() => {
    const again = (): void => {
      registry.expiry = undefined
      expireWithoutScrapes()
    }
    // A rejection that nobody handles would end the thread.
    expireAll().then(again, (error: unknown) => {
      dropped('metric', 'expire_failed')
      reportOnce('metric-expire', `series that are too old could not be taken out: ${show(error)}`)
      again()
    })
  }, 1000).unref()
}

async function expireAll(): Promise<void> {
  const slices = new Slices()
  for (const family of registry.families.values()) await family.expire?.(slices)
}

/** @internal Forgets every metric, and sets the options back. Metrics already defined still work but are not rendered. */
export function resetMetricsForTest(): void {
  registry.families.clear()
  registry.written.clear()
  parts.live.clear()
  parts.ending.clear()
  parts.kept.clear()
  Object.assign(limits, { maxSeries: 2000, strict: false })
}

function checkStyle(definition: Definition, strict: boolean): void {
  const offence = definition.observed ? undefined : styleOffence(definition)
  if (offence === undefined) return
  if (strict) throw new Error(`${offence}. (metrics.strict is on.)`)
  reportOnce(`metric-style:${definition.name}`, offence)
}

function conflict(existing: Definition, definition: Definition): Error {
  if (existing.name !== definition.name) {
    return new Error(
      `The metric ${definition.name} would write names of ${existing.name} (or ones that OpenMetrics keeps: without _total, with _created).\n` +
        `  defined: ${describe(existing)}\n  now:     ${describe(definition)}\nGive one of the two another name.`,
    )
  }
  return new Error(
    `The metric ${definition.name} is already defined differently.\n  defined: ${describe(existing)}\n  now:     ${describe(definition)}\n` +
      'Define a metric once and import it, or give one of the two another name.',
  )
}
