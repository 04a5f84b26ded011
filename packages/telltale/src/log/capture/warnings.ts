import { copyFields } from '../../encode/copy.js'
import { loggerNamed } from '../logger.js'
import { capturing } from './unheard.js'

/**
 * Makes the process's warnings events: `process_warning` of the logger `process`, with `name`, `code`, `detail` and the
 * warning itself as `error`. What Node prints on stderr stays as it is. Returns what ends it.
 */
export function captureWarnings(): () => void {
  const log = loggerNamed('process')
  const listener = (warning: Error): void => {
    const { code, detail } = copyFields(warning)
    log.warning('process_warning', { name: nameOf(warning), code, detail, error: warning })
  }
  process.on('warning', listener)
  capturing.warnings++
  let captured = true
  return () => {
    process.off('warning', listener)
    if (captured) capturing.warnings--
    captured = false
  }
}

// Anybody may emit 'warning', with anything.
function nameOf(warning: Error): unknown {
  try {
    return warning.name
  } catch {
    return undefined
  }
}
