/** A result as `--json` gives it: what programs may rely on, without what only the table shows. */
export function plain({ subject, rows, ok }) {
  return {
    subject,
    rows: rows.map(({ name, unit, ours, peers, ratios, ci, goal, ok, undecided }) => {
      return { name, unit, ours, peers, ratios, ci, goal, ok, undecided }
    }),
    ok,
  }
}
