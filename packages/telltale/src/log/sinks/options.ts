import type { Level } from '../levels.js'
import type { Sink } from './sink.js'

/** What every destination may say. */
interface SinkChoice {
  /** The lowest level it takes, of what the loggers' levels let through; default all. */
  readonly level?: Level | 'warn' | 'fatal'
  /** Default `log.format`. */
  readonly format?: Format
}

export const formats = ['json', 'console', 'logfmt'] as const

export type Format = (typeof formats)[number]

/** A file that lines are appended to; it is opened anew on SIGHUP and when it was moved. */
export interface FileOption extends SinkChoice {
  readonly file: string
}

/** The process's standard output or standard error. */
export interface StreamOption extends SinkChoice {
  readonly stream: 'stdout' | 'stderr'
}

/** A destination of one's own. */
export type OwnSink = Sink & SinkChoice

export type SinkOption = FileOption | StreamOption | OwnSink
