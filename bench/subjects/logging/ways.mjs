// Far more than there are: the guard looks at every event and suppresses none.
const plenty = 1e9

/**
 * What Telltale's program can turn on, beside nothing: `log` are options; `request` runs it inside a real request;
 * `subscribe` reads every event; `small` has the few fields that most events have. `title` names the row, which stands beside the plain event or what `beside` names, and `writes` tells the check what the lines must be.
 */
export const ways = {
  plain: { title: 'plain' },
  flood: { title: 'the flood guard on', log: { flood: { perSecond: plenty, burst: plenty } } },
  processor: { title: 'one processor in the list', log: { processors: [(entry) => entry] } },
  logfmt: { title: 'as logfmt', log: { format: 'logfmt' } },
  'call-site': {
    title: 'with its call site',
    log: { callSite: true },
    writes: { judge: (line) => JSON.stringify(line).includes('telltale.mjs') },
  },
  stack: {
    title: 'with its stack',
    log: { stack: 'info' },
    writes: { judge: (line) => typeof line.stack === 'string' },
  },
  subscriber: { title: 'one subscriber of events', subscribe: true },
  small: {
    title: 'a small typed event',
    small: true,
    writes: { fields: false, judge: (line) => typeof line.points === 'number' },
  },
  request: {
    title: 'inside a request, its trace on the line',
    request: true,
    writes: { judge: (line) => typeof line.trace_id === 'string' },
  },
  recorder: {
    title: 'the recorder on',
    beside: 'request',
    log: { recorder: { size: 64 } },
    request: true,
  },
}
