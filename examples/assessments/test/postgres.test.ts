import { describeWithBinary } from '../../../scripts/testing/binaries.mjs'
import { postgresBinary } from '../../../scripts/testing/postgres.mjs'
import { startReal } from './harness/database.js'
import { describeRoutes } from './routes-suite.js'

describeWithBinary(postgresBinary, 'a real PostgreSQL', () => {
  describeRoutes('before a real server', startReal)
})
