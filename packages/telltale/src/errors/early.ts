import { AsyncResource } from 'node:async_hooks'
import { slot } from '../state/state.js'

const maxHeld = 100
const maxWaitMs = 1000

const early = slot('errors.early', () => ({
  held: [] as (() => void)[],
  timer: undefined as NodeJS.Timeout | undefined,
  isSetUp: false,
  isGivenUp: false,
  /** Told how many are lost; set by the module that knows whether anybody would have had them. */
  lose: (_count: number): void => undefined,
}))

/** Called with what is told how many reports are lost when setup() does not come. */
export function whenReportsAreLost(lose: (count: number) => void): void {
  early.lose = lose
}

export function isBeforeSetup(): boolean {
  return !early.isSetUp
}

/**
 * Keeps a report for setup(), which says where reports go: a hundred of them, a second long. False where setup() has come;
 * what can't be kept is counted as lost. `report` is called in the context of now.
 */
export function heldForSetup(report: () => void): boolean {
  if (early.isSetUp) return false
  if (early.isGivenUp || early.held.length >= maxHeld) early.lose(1)
  else early.held.push(AsyncResource.bind(report))
  if (early.timer === undefined && !early.isGivenUp) {
    // The wait must not keep a finished process alive.
    early.timer = setTimeout(giveUp, maxWaitMs).unref()
    process.once('exit', giveUp)
  }
  return true
}

/** Setup() has come: what was held is reported, oldest first. */
export function reportHeld(): void {
  early.isSetUp = true
  for (const report of end()) report()
}

function giveUp(): void {
  early.isGivenUp = true
  const { length } = end()
  if (length > 0) early.lose(length)
}

function end(): (() => void)[] {
  clearTimeout(early.timer)
  early.timer = undefined
  process.off('exit', giveUp)
  return early.held.splice(0)
}
