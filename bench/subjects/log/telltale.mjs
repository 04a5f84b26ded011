import { getLogger, setup, withContext } from 'telltale'
import { context, runCase } from './event.mjs'

setup({ service: 'assessments', version: '1.4.0' })
const log = getLogger('assessments')
await withContext(context, () => runCase((event, fields) => log.info(event, fields)))
