/** What ESLint and oxlint are given. Copied as it is into the package's declarations: it imports nothing. */
export interface Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string }
  readonly rules: Record<string, RuleModule>
  readonly configs: Record<ConfigName, Config[]>
}

/** A rule as a host reads it. */
export interface RuleModule {
  readonly meta: object
  create(context: never): object
}

/**
 * `recommended` and `strict` are whole: what is softer in tests, scripts and migrations comes with them, by their usual
 * paths. The other three are those parts alone, for other paths: `{ ...telltale.configs.tests[0], files: ['checks/**'] }`.
 */
export type ConfigName = 'recommended' | 'strict' | 'tests' | 'scripts' | 'migrations'

/** A part of an `eslint.config.js`. */
export interface Config {
  readonly name: string
  readonly files?: string[]
  readonly plugins?: Record<string, never>
  readonly rules: Record<string, RuleLevel>
}

export type Severity = 'off' | 'warn' | 'error'
export type RuleLevel = Severity | [Severity, object]

/** `settings.telltale`. */
export interface TelltaleSettings {
  /** Functions of the service's own that tell what happened. */
  wrappers?: TelltaleWrapper[]
  /** More beginnings of names that say that a call has an effect worth telling: `reconcile`. */
  effects?: string[]
}

export interface TelltaleWrapper {
  /** The end of the call as it is written: `audit`, `this.events.record`. */
  name: string
  /** Default `log`. */
  kind?: 'log' | 'report' | 'metric' | 'span'
  /** The position of the argument that has the event's name, from 0. */
  event?: number
  /** The position of the argument that has the fields. */
  fields?: number
}
