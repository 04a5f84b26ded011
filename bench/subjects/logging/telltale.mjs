// Telltale as it comes, or in one of its ways: `telltale.mjs MODE WARM_MS SPAN_MS FILE WAY`, FILE being empty.
import { getLogger, onEvent, setup, withContext } from 'telltale'
import { context, runCase } from './event.mjs'
import { inRequest } from './in-request.mjs'
import { ways } from './ways.mjs'

const way = ways[process.argv[6] ?? 'plain']
// Peers have no recorder.
const telltale = setup({ service: 'assessments', version: '1.4.0', log: { recorder: false, ...way.log } })
const log = getLogger('assessments')
let seen = 0
if (way.subscribe) onEvent(() => seen++)

const inContext = way.request ? inRequest : (run) => withContext(context, run)
await inContext(() =>
  runCase((event, fields) => log.info(event, fields), {
    // Inside a request it would wait for that request; there the turn's end hands on the lines.
    close: async () => (way.request ? undefined : telltale.shutdown()),
    // What a catalogue of typed events compiles to: the same call.
    fields: way.small ? (index) => ({ user_id: 'u_18', points: index & 1023 }) : undefined,
  }),
)
