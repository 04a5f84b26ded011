const hexStart = /^[\da-f]{4}/i
// RFC 9562 versions 6 and 7 begin with the time: ids of one minute share their first characters.
const timeOrdered = /^[\da-f]{8}-[\da-f]{4}-[67]/i
const lastRun = /[a-z\d]+(?=[^a-z\d]*$)/i

export const idSize = 4

/**
 * Four characters that tell one id from its neighbours: the first of a random hexadecimal id, the last of one that begins
 * with a prefix or the time (`req-17` is `17`, a ULID its tail). The colour is derived from the whole id.
 */
export function shortId(id: string): string {
  if (/^[\da-f-]+$/i.test(id) && hexStart.test(id) && id.length >= 12 && !timeOrdered.test(id))
    return id.slice(0, idSize)
  return (lastRun.exec(id.slice(-64))?.[0] ?? id).slice(-idSize)
}
