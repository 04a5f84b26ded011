export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

export type AttributeValue = string | number | boolean | readonly string[]

export type Attributes = Readonly<Record<string, AttributeValue>>

/** What is known of a span's place in its trace when it begins. */
export interface SpanIds {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  /** The parent is in another process. */
  readonly isRemote: boolean
  /** The caller's `tracestate`. */
  readonly tracestate: string | undefined
}

/** A span as it leaves the process: every text has passed the redaction policy. */
export interface FinishedSpan extends SpanIds {
  readonly name: string
  readonly kind: SpanKind
  /** Milliseconds of `performance.now()`. */
  readonly startedAt: number
  readonly endedAt: number
  readonly attributes: Attributes
  /** What the operation failed with; undefined where it did not fail. */
  readonly error: SpanError | undefined
}

export interface SpanError {
  readonly type: string
  /** Empty where nothing was thrown: then there is no exception to tell of. */
  readonly message: string
  readonly stack?: string | undefined
}

/** What an operation is, in the words of the semantic conventions. */
export interface Description {
  /** Of few values: a route, a verb, the name of a step. */
  readonly name: string
  /** Numbers, and texts that come from code or have been screened; a new object, which the span keeps. */
  readonly own: Record<string, AttributeValue>
  /** Texts that may be anything. */
  readonly given?: Attributes | undefined
}

export interface Described {
  describe(): Description
}

/** An operation that has ended, described only where its span is wanted. */
export interface EndedSpan {
  readonly ids: SpanIds
  readonly kind: SpanKind
  readonly startedAt: number
  readonly endedAt: number
  /** Undefined where nothing failed. */
  readonly error: unknown
  readonly of: Described
  /** Lets go of everything that lives, since it is kept: see `Held`. */
  hold(): void
  /** Once held: characters, about. */
  readonly weight: number
}

/** In place of an error where something failed without one: a status of 500, say. */
export class Failure {
  constructor(readonly type: string) {}
}
