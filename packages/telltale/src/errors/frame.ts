/** One call of a stack, the innermost first. */
export interface StackFrame {
  readonly function?: string
  /** As the stack has it: a path, a `file:` URL made a path, `node:internal/…`, `native`; absent for code without a file. */
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** The service's own code: neither a dependency's nor Node's. */
  readonly inApp: boolean
  /** The lines around it, screened; where `errors.sourceLines` asks for them, for own code only. */
  readonly source?: SourceLines
}

export interface SourceLines {
  readonly before: readonly string[]
  readonly line: string
  readonly after: readonly string[]
}
