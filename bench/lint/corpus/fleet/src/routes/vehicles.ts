import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Failure } from '../lib/result.js'
import { publishCommand } from '../mqtt/client.js'

const assignBody = z.object({ driverId: z.string().uuid(), until: z.coerce.date() })

function fail(reply: FastifyReply, failure: Failure) {
  switch (failure.kind) {
    case 'not_found':
      return reply.code(404).send({ error: failure.what }) //= return: no  answered to the caller
    case 'invalid':
      return reply.code(422).send({ error: 'invalid', issues: failure.issues }) //= return: no  answered to the caller
    case 'unavailable':
      reply.log.error({ err: failure.cause }, 'dependency failed')
      return reply.code(503).send({ error: 'unavailable' }) //= return: no  logged and answered
  }
}

export const vehicleRoutes: FastifyPluginAsync = async (app) => {
  app.get<{ Params: { id: string } }>('/vehicles/:id', async (req, reply) => {
    const vehicle = await app.vehicles.byId(req.params.id, req.user.fleetId)
    if (!vehicle) return reply.code(404).send({ error: 'vehicle' }) //= return: no  answered to the caller
    return vehicle
  })

  app.post<{ Params: { id: string } }>('/vehicles/:id/driver', async (req, reply) => {
    const body = assignBody.safeParse(req.body)
    if (!body.success) return fail(reply, { kind: 'invalid', issues: body.error.issues.map((issue) => issue.message) }) //= return: no  answered to the caller
    const result = await app.assignments.assign(req.params.id, body.data)
    if (!result.ok) return fail(reply, result.error) //= return: no  answered to the caller
    req.log.info({ vehicleId: req.params.id, driverId: body.data.driverId }, 'driver assigned')
    return reply.code(201).send(result.value)
  })

  app.post<{ Params: { id: string } }>('/vehicles/:id/immobilise', async (req, reply) => {
    req.log.warn({ headers: req.headers, vehicleId: req.params.id }, 'immobiliser asked for') //= no-sensitive-fields  whole headers
    const device = await app.devices.ofVehicle(req.params.id)
    if (!device?.can_immobilise) return reply.code(409).send({ error: 'no_immobiliser' }) //= return: no  answered to the caller
    try {
      const sent = await publishCommand(app.mqtt, device.id, { type: 'immobilise', by: req.user.id })
      return reply.code(sent ? 202 : 503).send() //= return: no  normal result
    } catch (error) { //= catch: no  logged and rethrown
      req.log.error({ err: error, deviceId: device.id }, 'command failed') //= no-double-report  logged as an error and rethrown
      throw error
    }
  })

  app.get<{ Querystring: { at: string } }>('/vehicles/export', async (req, reply) => {
    const at = new Date(req.query.at)
    if (Number.isNaN(at.getTime())) return reply.badRequest('at') //= return: no  answered to the caller
    try {
      const rows = await app.vehicles.snapshot(req.user.fleetId, at)
      reply.header('content-type', 'text/csv')
      return rows.map((row) => Object.values(row).join(';')).join('\n') //= return: no  normal result
    } catch { //= catch: yes  a bare 500, the error is lost
      return reply.code(500).send({ error: 'export_failed' }) //= return: no  answered to the caller
    }
  })
}
