import Fastify from 'fastify'
import { fastifyLogger, observeFastify } from 'telltale/fastify'
import { answerRejections } from './rejections.js'
import { login } from './routes/login.js'
import { pay } from './routes/pay.js'
import { readAssessments } from './routes/read-assessments.js'
import { resetPassword } from './routes/reset-password.js'
import { retake } from './routes/retake.js'
import { saveAnswer } from './routes/save-answer.js'
import type { Services } from './routes/services.js'
import { startAssessment } from './routes/start-assessment.js'
import { submit } from './routes/submit.js'

const ROUTES = [login, resetPassword, startAssessment, readAssessments, saveAnswer, submit, retake, pay]

/** The server with its routes, observed; it takes the pool along when it closes. */
export async function buildServer(services: Services) {
  const app = Fastify({
    loggerInstance: fastifyLogger(),
    bodyLimit: 64 * 1024,
    // Fastify's 0 would switch Node's own limit off: a client could send its request for ever.
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 1024 },
  })
  await app.register(observeFastify)
  await app.register(async (routes) => {
    answerRejections(routes)
    for (const route of ROUTES) route(routes, services)
  })
  app.addHook('onClose', () => services.pool.end())
  return app
}
