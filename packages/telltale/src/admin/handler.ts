import type { IncomingMessage, ServerResponse } from 'node:http'
import { info } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import type { Address } from './address.js'
import { type Answer, problem, send } from './answer.js'
import { readObject } from './body.js'
import { type Control, controlAt } from './controls.js'
import { refusal } from './guard.js'
import { Refusals } from './refusals.js'

const log = loggerNamed('telltale')

/** Answers the admin listener's requests: the guard first, then the control. Each use of a control is an event. */
export function adminHandler(
  address: Address,
  token: string | undefined,
): (req: IncomingMessage, res: ServerResponse) => void {
  const refusals = new Refusals()
  const respond = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const refused = refusal(req, address, token)
    if (refused !== undefined) refusals.say(refused.error, peerOf(req))
    send(req, res, refused ?? (await answerOf(req)))
  }
  return (req, res) => {
    respond(req, res).catch((error: unknown) => {
      // A client that left while it was read is gone; what else fails is ours, and tells nobody how.
      if (!req.destroyed) reportOnce('admin', `the admin listener could not answer: ${show(error)}`)
      if (!res.headersSent && !res.destroyed) send(req, res, problem(500, 'internal_error', 'See stderr.'))
    })
  }
}

async function answerOf(req: IncomingMessage): Promise<Answer> {
  const path = req.url!.split('?', 1)[0]!
  const control = controlAt(path)
  if (control === undefined) {
    const known = 'GET or PUT /log/level, GET /requests/<request_id>/events'
    return problem(404, 'not_found', `There is nothing here; there are ${known}.`)
  }
  const answer = await used(control, req)
  const fields = { control: control.name, method: req.method, path, status: answer.status, peer: peerOf(req) }
  log.insist(info, 'admin_used', fields)
  return answer
}

async function used(control: Control, req: IncomingMessage): Promise<Answer> {
  if (req.method === 'GET' || req.method === 'HEAD') return control.GET()
  if (req.method !== 'PUT' || control.PUT === undefined) {
    const allow = control.PUT === undefined ? 'GET, HEAD' : 'GET, HEAD, PUT'
    return problem(405, 'method_not_allowed', `This path takes ${allow}.`, { allow })
  }
  const body = await readObject(req)
  return 'refused' in body ? body.refused : control.PUT(body.value)
}

function peerOf(req: IncomingMessage): string {
  return req.socket.remoteAddress ?? 'unix'
}
