// verify-case.mjs CLIENT: the samples of a few series of each kind, for the harness to compare.
import { endWithParent } from '../../harness/leash.mjs'
import { openClient } from './clients.mjs'
import { samplesOf, textOf } from './samples.mjs'
import { fill, kinds } from './series.mjs'

endWithParent()
const client = await openClient(process.argv[2])
for (const kind of Object.keys(kinds)) fill(client, kind, 300)
process.send({ samples: [...samplesOf(textOf(await client.scrape()))] })
