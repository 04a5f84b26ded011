/** What ESLint and oxlint are given. Copied as it is into the package's declarations: it imports nothing. */
export interface Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string }
  readonly rules: Record<string, RuleModule>
  readonly configs: Configs
}

/** A rule as a host reads it. */
export interface RuleModule {
  readonly meta: object
  create(context: never): Visitor
}

// Each host has node types of its own.
// oxlint-disable-next-line typescript/no-explicit-any
export type Visitor = Record<string, any>

export type Configs = {
  /** Errors for what can't be got back afterwards, warnings for what is only harder to read. Softer in tests, scripts and migrations, by their usual paths. */
  readonly recommended: Config[]
  /** All errors. As soft as `recommended` in tests, scripts and migrations. */
  readonly strict: Config[]
  /** What is softer in tests, for other paths: `{ files: ['checks/**'], extends: [telltale.configs.tests] }`. */
  readonly tests: Config
  readonly scripts: Config
  readonly migrations: Config
}

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
  /** The position of the argument that has the event's name, from 0; default 0, or 1 where the fields are first. */
  event?: number
  /** The position of the argument that has the fields; default the one after `event`. */
  fields?: number
}
