import { pipeline } from '../log/pipeline.js'
import { standardSink } from '../log/sinks/standard.js'
// For its effect: without it nothing opens the log where setup() is not called.
import '../setup/setup.js'

/**
 * Whether lines go to standard output only because nothing else was said: neither `LOG_LEVEL` nor `LOG_FORMAT` is set,
 * and `setup()` was called without `sinks` and `format` of the log, or not at all.
 */
export function wouldPrintByDefault(): boolean {
  if (process.env['LOG_LEVEL'] || process.env['LOG_FORMAT']) return false
  return !pipeline.explicit && pipeline.routes.every(({ sink }) => sink === standardSink('stdout'))
}
