import type { Format } from './format.js'
import { levels } from './level.js'

const words: readonly unknown[] = levels

/** Telltale's own line with its own key names. Handed on as it is. */
export const own = {
  name: 'own',
  matches: ({ event, level, timestamp, service, logger }) =>
    typeof event === 'string' &&
    typeof timestamp === 'string' &&
    typeof service === 'string' &&
    typeof logger === 'string' &&
    words.includes(level),
  normalise: (entry) => [entry],
} satisfies Format<'own'>
