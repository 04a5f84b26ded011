import { sendMetrics, sendReport } from '../http/answers.js'
import {
  groupReport,
  hasOwnGroup,
  liveness,
  readiness,
  type Report,
  type ReportOptions,
  startup,
} from '../health/reports.js'
import type { Read } from './endpoint.js'

/** As `/metrics` of the app answers: in any format, gzipped, by `name[]`; in a cluster for all processes. */
export const metrics: Read = { purpose: 'metrics', answer: (req, res) => sendMetrics(req, res) }

export const alive = health(liveness)
export const ready = health(readiness)
export const started = health(startup)

/** The report of a group of the service's own; undefined where no check names it. */
export function group(name: string): Read | undefined {
  return hasOwnGroup(name) ? health((options) => groupReport(name, options)) : undefined
}

function health(report: (options: ReportOptions) => Report): Read {
  return { purpose: 'health', answer: (req, res, details) => sendReport(report({ details }), req, res) }
}
