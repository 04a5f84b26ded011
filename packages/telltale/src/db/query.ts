import { type Scope, scopes } from '../context/scope.js'
import { briefError } from '../errors/record.js'
import { debug, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { ringOf } from '../log/recorder/record.js'
import { queryDuration } from './metrics.js'
import { queryType, withoutLiterals } from './statement.js'

const log = loggerNamed('db')

/** A query under way, whatever the driver. */
export class Query {
  readonly scope: Scope | undefined = scopes.getStore()
  private readonly startedAt = performance.now()
  private isOver = false

  constructor(
    private readonly system: string,
    private readonly statement: string,
    private readonly slowMs: number,
  ) {}

  done(rows: number | null | undefined): void {
    const ms = this.end()
    if (ms === undefined) return
    if (ms >= this.slowMs) this.raise(warning, 'query_slow', ms, { rows, slow_ms: this.slowMs })
    // Off, it is still worth its price in a request: if that fails, its queries tell why.
    else if (log.on(debug) || ringOf(this.scope) !== undefined)
      this.raise(debug, 'query_executed', ms, { rows })
  }

  failed(error: unknown): void {
    const ms = this.end()
    // In brief: whoever handles the error writes it in full.
    if (ms !== undefined) this.raise(warning, 'query_failed', ms, { error: briefError(error) })
  }

  private end(): number | undefined {
    if (this.isOver) return undefined
    this.isOver = true
    const ms = performance.now() - this.startedAt
    queryDuration.observe({ system: this.system, query_type: queryType(this.statement) }, ms / 1000)
    return Math.round(ms * 1000) / 1000
  }

  private raise(level: number, event: string, ms: number, fields: object): void {
    const statement = withoutLiterals(this.statement)
    log.raise(level, event, { system: this.system, statement, duration_ms: ms, ...fields }, this.scope)
  }
}
