/** A Prometheus alert rule, and why it is as it is. */
export interface Rule {
  readonly alert: string
  readonly comment: string
  readonly expr: string
  readonly for: string
  /** `critical`: nobody or few are served. `warning`: something is broken, and the service copes. */
  readonly severity: 'critical' | 'warning'
  /** Go templates: `{{ $value }}` is what was measured. */
  readonly summary: string
  readonly description: string
  readonly runbook?: string
}
