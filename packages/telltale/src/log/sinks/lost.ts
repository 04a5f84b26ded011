import { slot } from '../../state/state.js'

/** Says once, when a destination takes lines again, how many of which level it did not get. */
export const lostLines = slot('log.lostLines', () => ({
  tell: (_destination: string, _byLevel: Record<string, number>): void => undefined,
}))
