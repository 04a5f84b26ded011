/** Standard deviations: one run in two million strays further by chance. */
const allowed = 5

/**
 * Holds what has arrived against what was answered: the share of traces that were to be sampled, as far as chance lets it
 * stray, and all spans of each of them. Throws with what is missing.
 */
export function holdShare({ title, spans, rate, answered, count: { traces, sizes } }) {
  const whole = sizes[spans] ?? 0
  if (whole !== traces)
    throw new Error(`${title}: ${traces - whole} of ${traces} traces arrived with other than ${spans} spans.`)
  const stray = allowed * Math.sqrt((rate * (1 - rate)) / answered)
  const share = traces / answered
  if (Math.abs(share - rate) > stray)
    throw new Error(`${title}: ${percent(share)} of ${answered} traces arrived, not ${percent(rate)}.`)
  return share
}

export const percent = (share) => `${(100 * share).toFixed(1)} %`
