import { api } from '../api.js'
import type { Scenario } from '../visit.js'

/** A page opens and everything is asked at once. */
export const burst: Scenario = async ({ client, random, userId }) => {
  const size = random.int(8, 16)
  await Promise.all(Array.from({ length: size }, (_, at) => client.send(api.list(userId, (at % 5) + 1))))
}
