import { setup } from 'telltale'
import { fastifyLogger, observeFastify } from 'telltale/fastify'
import { ready } from './report.mjs'

setup({ service: 'assessments', version: '1.4.0' })
fastifyLogger()
if (typeof observeFastify !== 'function') throw new Error('telltale/fastify has no observeFastify.')
ready()
