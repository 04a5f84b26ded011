import type { Ids } from '../context/scope.js'
import { slot } from '../state/state.js'

/** Who hears of each request whose path has lost a secret, as soon as that is known; nobody, unless something else has it too. */
export const maskedPaths = slot('http.masked-paths', () => ({
  tell: undefined as ((ids: Ids, path: string, masked: string) => void) | undefined,
}))
