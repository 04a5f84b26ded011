import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { DomainError } from '../lib/errors.js'
import { renderInvoicePdf } from '../lib/pdf.js'
import * as invoices from '../repositories/invoices.js'
import { collectInvoice } from '../services/collection.js'
import { sendInvoiceEmail } from '../services/emails.js'

const Params = z.object({ id: z.string().uuid() })
const ListQuery = z.object({ cursor: z.string().optional(), limit: z.coerce.number().min(1).max(100).default(20) })

export default async function invoiceRoutes(app: FastifyInstance) {
  app.get('/', async (req) => {
    const { cursor, limit } = ListQuery.parse(req.query)
    const rows = await invoices.list(req.account!.id, decodeCursor(cursor), limit + 1)
    const next = rows.length > limit ? encodeCursor(rows[limit - 1]) : null
    return { data: rows.slice(0, limit), next }
  })

  app.get('/:id.pdf', async (req, reply) => {
    const { id } = Params.parse(req.params)
    const invoice = await invoices.find(req.account!.id, id)
    if (!invoice) {
      return reply.callNotFound() //= return: no  answered 404
    }
    try {
      const pdf = await renderInvoicePdf(invoice)
      return reply.type('application/pdf').send(pdf) //= return: no  answer
    } catch (err) { //= catch: no  logged, though only as text
      req.log.error('pdf of ' + id + ' failed: ' + err) //= error-with-context  error concatenated //= structured-event  message concatenated
      return reply.code(503).send({ error: 'pdf_unavailable' }) //= return: no  answered with the reason
    }
  })

  app.post('/:id/collect', async (req, reply) => {
    const { id } = Params.parse(req.params)
    const result = await collectInvoice(id, req.log)
    if (result.status === 'skipped') {
      return reply.code(409).send({ error: result.reason }) //= return: no  answered with the reason
    }
    return reply.code(202).send(result)
  })

  app.post('/:id/send', async (req, reply) => {
    const { id } = Params.parse(req.params)
    const invoice = await invoices.find(req.account!.id, id)
    if (!invoice) throw new DomainError('invoice_not_found', 404)
    if (invoice.status === 'draft') {
      return reply.code(204).send() //= return: yes  answers success although no mail is sent
    }
    req.log.info(`sending invoice ${invoice.number}`) //= structured-event  number interpolated
    await sendInvoiceEmail(invoice)
    return reply.code(204).send()
  })
}

function decodeCursor(cursor?: string): { issuedAt: Date; id: string } | undefined {
  if (!cursor) return undefined //= return: no  parser
  try {
    const [issuedAt, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return { issuedAt: new Date(issuedAt), id } //= return: no  parser
  } catch { //= catch: no  decode probe
    return undefined //= return: no  parser
  }
}

const encodeCursor = (row: { issuedAt: Date; id: string }) => Buffer.from(JSON.stringify([row.issuedAt, row.id])).toString('base64url')
