import { median, medianInterval } from './stats.mjs'

/**
 * With fewer groups the bootstrap, which draws groups, gives too narrow an interval: two sets of processes that differ
 * more than their rounds do cover the truth about two times in three. The row stays undecided.
 */
export const enoughGroups = 5

/**
 * Holds an interval against a goal. Only an interval that misses the goal as a whole is a failure; one that
 * contains the goal is undecided, and passes. `bound` says on which side of the goal the good values are.
 */
export function judge(ci, goal, bound, groups = Infinity) {
  if (goal === null) return { ok: true, undecided: false }
  if (groups < enoughGroups) return { ok: true, undecided: true }
  const [low, high] = ci
  const [worst, best] = bound === 'least' ? [low - goal, high - goal] : [goal - high, goal - low]
  return { ok: best >= 0, undecided: worst < 0 && best >= 0 }
}

/**
 * One row of a result from paired samples: `groups` holds, for each set of processes, its rounds, and each round
 * one number for each variant (`{ telltale, glue, bare }`).
 *
 * `ratios` always read "how many times as good as the peer": the peer's cost through ours where less is better,
 * ours through the peer's where more is better. `ci` is the 95 % interval of the value that `goal` is about: the
 * ratio to the peer `against`, with `measure: 'difference'` ours minus that peer, or with `measure: 'value'` ours alone,
 * both in the row's unit.
 * `decides: false` says that the samples are too disturbed to tell: the row stays undecided.
 */
export function compare({
  name,
  unit,
  groups,
  better,
  against = null,
  measure = 'ratio',
  goal = null,
  note,
  decides = true,
}) {
  const rounds = groups.flat()
  const variants = Object.keys(rounds[0])
  const peers = variants.filter((variant) => variant !== 'telltale')
  const ratio = (peer) => (round) =>
    better === 'less' ? round[peer] / round.telltale : round.telltale / round[peer]
  const value = {
    ratio: ratio(against),
    difference: (round) => round.telltale - round[against],
    value: (round) => round.telltale,
  }[measure]
  const bound = measure === 'ratio' || better === 'more' ? 'least' : 'most'
  const ci = medianInterval(groups.map((group) => group.map(value)))
  return {
    name,
    unit,
    ours: median(rounds.map((round) => round.telltale)),
    peers: Object.fromEntries(peers.map((peer) => [peer, median(rounds.map((round) => round[peer]))])),
    ratios: Object.fromEntries(peers.map((peer) => [peer, median(rounds.map(ratio(peer)))])),
    ci,
    goal,
    ...judge(ci, goal, bound, decides ? groups.length : 0),
    against,
    measure,
    bound,
    ...(note === undefined ? {} : { note }),
  }
}

/**
 * The peer with the best median of all rounds, for goals that name the best of several; `peers` are those that count.
 */
export function bestPeer(groups, better, peers) {
  const rounds = groups.flat()
  const middle = (peer) => median(rounds.map((round) => round[peer])) * (better === 'less' ? 1 : -1)
  return peers.reduce((best, peer) => (middle(peer) < middle(best) ? peer : best))
}

/**
 * One row of what must stay within a bound, without a peer: `values` holds one number for each run, `goal` is the most
 * any may be. `ci` is from the least to the most of them: a goal is missed when all runs miss it, undecided when some
 * do. With `always`, for counts that no other load on the machine can change, one run that misses it is enough.
 */
export function within({ name, unit, values, goal = null, always = false, note }) {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return {
    name,
    unit,
    ours: most,
    peers: {},
    ratios: {},
    ci: [least, most],
    goal,
    ...judge(always ? [most, most] : [least, most], goal, 'most'),
    against: null,
    measure: 'most',
    bound: 'most',
    ...(note === undefined ? {} : { note }),
  }
}

/**
 * One row of a share in per cent, `hits` of `of`; `goal` is the least it may be. The same files give the same share on
 * every machine, so the share itself decides. `ci` is Wilson's 95 % interval: what so many cases say about others like
 * them.
 */
export function share({ name, hits, of, goal = null, note }) {
  if (!(of > 0)) throw new RangeError('share(): there must be at least one case.')
  const value = (100 * hits) / of
  return {
    name,
    unit: '%',
    ours: value,
    peers: {},
    ratios: {},
    ci: wilson(hits, of).map((part) => 100 * part),
    goal,
    ...judge([value, value], goal, 'least'),
    against: null,
    measure: 'value',
    bound: 'least',
    ...(note === undefined ? {} : { note }),
  }
}

function wilson(hits, of) {
  const z = 1.96
  const part = hits / of
  const middle = (part + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((part * (1 - part)) / of + (z * z) / (4 * of * of))
  // What floating point leaves at the ends is no doubt.
  return [hits === 0 ? 0 : middle - half, hits === of ? 1 : middle + half]
}
