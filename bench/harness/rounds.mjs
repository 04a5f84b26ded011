/**
 * The order in which a round measures its variants. In as many rounds as there are variants each takes every place
 * once, so that none always comes first, last or in the middle; the next as many run the other way, so that none
 * always follows the same one.
 */
export function order(variants, round) {
  const first = round % variants.length
  const turned = [...variants.slice(first), ...variants.slice(0, first)]
  return Math.floor(round / variants.length) % 2 === 0 ? turned : turned.reverse()
}

/** A budget of time that is shared out: `left()` ms remain, `share(parts)` is the end of the next of so many parts. */
export function budget(ms, clock = () => performance.now()) {
  const end = clock() + ms
  return {
    left: () => Math.max(0, end - clock()),
    share: (parts) => clock() + Math.max(0, end - clock()) / parts,
  }
}

/**
 * Calls `round(index)` again and again until another one, as long as the longest so far, would end after
 * `deadline` (as `clock` tells); at least once. Resolves to what the rounds returned.
 */
export async function roundsUntil(deadline, round, clock = () => performance.now()) {
  const results = []
  let longest = 0
  do {
    const begun = clock()
    results.push(await round(results.length))
    longest = Math.max(longest, clock() - begun)
  } while (clock() + longest <= deadline)
  return results
}
