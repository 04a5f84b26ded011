import { currentScope, type Scope } from '../context/scope.js'
import { briefField } from '../errors/record.js'
import { debug, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { ringOf } from '../log/recorder/record.js'
import { Operation } from '../trace/operation.js'
import { type AttributeValue, type Described, type Description, Failure } from '../trace/span.js'
import { queryDuration } from './metrics.js'
import { type Statement, statementOf } from './statement.js'

const log = loggerNamed('db')

/** A query under way, whatever the driver. */
export class Query implements Described {
  readonly scope: Scope | undefined = currentScope()
  private readonly startedAt = performance.now()
  private readonly operation: Operation | undefined
  private isOver = false
  private read: Statement | undefined

  constructor(
    private readonly system: string,
    private readonly statement: string,
    private readonly slowMs: number,
    /** Something else makes a span of it. */
    hasSpan = false,
  ) {
    this.operation = hasSpan ? undefined : Operation.part(this.scope, 'client', system)
  }

  done(rows: number | null | undefined): void {
    const ms = this.end(undefined)
    if (ms === undefined) return
    if (ms >= this.slowMs) this.raise(warning, 'query_slow', ms, { rows, slow_ms: this.slowMs })
    // Off, it is still worth its price in a request: if that fails, its queries tell why.
    else if (log.on(debug) || ringOf(this.scope) !== undefined)
      this.raise(debug, 'query_executed', ms, { rows })
  }

  failed(error: unknown): void {
    const ms = this.end(error ?? new Failure('Error'))
    // In brief: whoever handles the error writes it in full.
    if (ms !== undefined) this.raise(warning, 'query_failed', ms, { error: briefField(error) })
  }

  /** OpenTelemetry's semantic conventions for databases. */
  describe(): Description {
    const { type, shown } = this.said
    const own: Record<string, AttributeValue> = { 'db.system.name': this.system }
    if (type !== 'other') own['db.operation.name'] = type.toUpperCase()
    return {
      name: type === 'other' ? this.system : type.toUpperCase(),
      own,
      given: { 'db.query.text': shown },
    }
  }

  /** Read once: one with literals is remembered nowhere else. */
  private get said(): Statement {
    return (this.read ??= statementOf(this.statement))
  }

  private end(error: unknown): number | undefined {
    if (this.isOver) return undefined
    this.isOver = true
    const endedAt = performance.now()
    const ms = endedAt - this.startedAt
    this.operation?.end(this, this.startedAt, endedAt, error)
    queryDuration.observe({ system: this.system, query_type: this.said.type }, ms / 1000)
    return Math.round(ms * 1000) / 1000
  }

  private raise(level: number, event: string, ms: number, fields: object): void {
    const { shown: statement } = this.said
    log.raise(level, event, { system: this.system, statement, duration_ms: ms, ...fields }, this.scope)
  }
}
