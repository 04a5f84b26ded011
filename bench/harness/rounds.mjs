/**
 * The order in which a round measures its variants: turned round each time, so that neither side always comes
 * first after the machine was idle, or last after it grew warm.
 */
export function order(variants, round) {
  return round % 2 === 0 ? [...variants] : [...variants].reverse()
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
