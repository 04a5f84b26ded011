import { describeWithBinary } from '../../../scripts/testing/binaries.mjs'
import { postgresBinary } from '../../../scripts/testing/postgres.mjs'
import { startEmbedded, startReal } from './harness/database.js'
import { describeOutage } from './outage-suite.js'

describeOutage('the embedded database goes away and returns', startEmbedded)
describeWithBinary(postgresBinary, 'a real PostgreSQL', () => {
  describeOutage('it goes away and returns', startReal)
})
