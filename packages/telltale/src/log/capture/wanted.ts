import { scopes } from '../../context/scope.js'
import type { Level } from '../levels.js'
import type { Logger } from '../logger.js'
import { ringOf } from '../recorder/record.js'

/**
 * Whether an event of this level gets anywhere, to a destination or to the flight recorder of the request under way: for
 * bridges, whose calls are dear to read.
 */
export function isWanted(logger: Logger, level: Level): boolean {
  return logger.isEnabled(level) || ringOf(scopes.getStore()) !== undefined
}
