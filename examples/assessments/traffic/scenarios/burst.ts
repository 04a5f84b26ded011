import { api } from '../api.js'
import type { Scenario } from '../visit.js'

/** A page opens and everything is asked at once. */
export const burst: Scenario = async ({ together, random, userId }) => {
  const size = random.int(8, 16)
  await together(Array.from({ length: size }, (_, at) => api.list(userId, (at % 5) + 1)))
}
