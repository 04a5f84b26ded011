import { startEmbedded } from './harness/database.js'
import { describeRoutes } from './routes-suite.js'

describeRoutes('before the embedded database', startEmbedded)
