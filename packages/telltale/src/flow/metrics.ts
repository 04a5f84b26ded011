import { gauge } from '../metrics/gauge.js'
import { histogram } from '../metrics/histogram.js'

export const outcomes = ['completed', 'failed', 'interrupted', 'lost'] as const

export type Outcome = (typeof outcomes)[number]

const buckets = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300]

export const flowDuration = histogram('flow_duration_seconds', {
  help: 'Time from the start of a flow to its end, by flow and outcome.',
  labels: { flow: String, outcome: [...outcomes] },
  buckets,
})

export const stepDuration = histogram('flow_step_duration_seconds', {
  help: 'Time that a step of a flow took with all its attempts, by flow and step.',
  labels: { flow: String, step: String },
  buckets,
})

export const flowsInProgress = gauge('flows_in_progress', {
  help: 'Flows that have started and not yet ended.',
  labels: { flow: String },
})
