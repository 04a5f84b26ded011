import type { IncomingMessage, ServerResponse } from 'node:http'
import { info } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { type Answer, prepare, problem, send } from './answer.js'
import { readObject } from './body.js'
import { type Control, type Endpoint, methodsOf } from './endpoint.js'
import { type Access, isTrusted, refusal } from './guard.js'
import { endpointAt, notFound } from './paths.js'
import { Refusals } from './refusals.js'

const log = loggerNamed('telltale')

/** Answers the admin listener's requests: the guard first, then what is on the path. Each use of a control is an event. */
export function adminHandler(access: Access): (req: IncomingMessage, res: ServerResponse) => void {
  const refusals = new Refusals()
  const respond = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    prepare(res)
    const path = (req.url ?? '').split('?', 1)[0]!
    const endpoint = endpointAt(path)
    // What is not there is no secret: a probe of a path that is mistyped learns that, not that it needs a token.
    const refused = refusal(req, access, endpoint?.purpose ?? 'health')
    if (refused !== undefined) {
      refusals.say(refused.error, peerOf(req))
      send(req, res, refused)
    } else if (endpoint === undefined) send(req, res, notFound())
    else if (endpoint.purpose === 'control') send(req, res, await use(endpoint, req, path))
    else if (isReading(req)) endpoint.answer(req, res, isTrusted(req, access))
    else send(req, res, notAllowed(endpoint))
  }
  return (req, res) => {
    respond(req, res).catch((error: unknown) => {
      // A client that left while it was read is gone; what else fails is ours, and tells nobody how.
      if (!req.destroyed) reportOnce('admin', `the admin listener could not answer: ${show(error)}`)
      if (!res.headersSent && !res.destroyed) send(req, res, problem(500, 'internal_error', 'See stderr.'))
    })
  }
}

async function use(control: Control, req: IncomingMessage, path: string): Promise<Answer> {
  const answer = await used(control, req)
  const fields = { control: control.name, method: req.method, path, status: answer.status, peer: peerOf(req) }
  log.insist(info, 'admin_used', fields)
  return answer
}

async function used(control: Control, req: IncomingMessage): Promise<Answer> {
  if (isReading(req)) return control.GET()
  if (req.method !== 'PUT' || control.PUT === undefined) return notAllowed(control)
  const body = await readObject(req)
  return 'refused' in body ? body.refused : control.PUT(body.value)
}

function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD'
}

function notAllowed(endpoint: Endpoint): Answer {
  const allow = methodsOf(endpoint)
  return problem(405, 'method_not_allowed', `This path takes ${allow}.`, { allow })
}

function peerOf(req: IncomingMessage): string {
  return req.socket.remoteAddress ?? 'unix'
}
