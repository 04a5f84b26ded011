import { openFlows } from '../flow/open.js'

const maxNamed = 10

/** Says of the flows that are open that they are interrupted; returns their names. */
export function interruptFlows(): string[] {
  return [...openFlows()].map((flow) => {
    flow.interrupt()
    return `flow ${flow.id}`
  })
}

/** The first of what was cut, and how many more. */
export function named(cut: readonly string[]): string[] {
  return cut.length <= maxNamed ? [...cut] : [...cut.slice(0, maxNamed), `…(+${cut.length - maxNamed})`]
}
