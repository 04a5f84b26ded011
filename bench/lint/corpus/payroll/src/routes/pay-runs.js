import { Router } from 'express'
import { knex } from '../db/knex.js'
import { createLogger } from '../lib/log.js'
import { requireRole } from '../middleware/auth.js'
import { calculateRun, approveRun, requestApproval, PayRunError } from '../services/pay-run.js'
import { buildTransferFile, uploadFile } from '../bank/sepa-export.js'

const log = createLogger('routes.pay-runs')
export const payRuns = Router()

payRuns.get('/:id', async (req, res, next) => {
  try {
    const run = await knex('pay_runs').where({ id: req.params.id, company_id: req.user.company_id }).first()
    if (!run) return res.status(404).json({ error: 'not_found' }) //= return: no  404 told to the caller
    res.json(run)
  } catch (err) { //= catch: no  passed to next
    next(err)
  }
})

payRuns.post('/:id/calculate', requireRole('payroll'), async (req, res, next) => {
  try {
    const run = await calculateRun(req.params.id)
    res.json(run)
  } catch (err) { //= catch: no  narrowed, the rest goes to next
    if (err instanceof PayRunError) return res.status(409).json({ error: err.code }) //= return: no  answered with the code
    next(err)
  }
})

payRuns.post('/:id/approve', requireRole('approver'), async (req, res) => {
  log.info({ user: req.user, runId: req.params.id }, 'approval requested') //= no-sensitive-fields  whole user
  try {
    const run = await approveRun(req.params.id, req.user)
    return res.json(run) //= return: no  normal result
  } catch (err) { //= catch: yes  any failure becomes a bare 409, the error is lost
    return res.status(409).json({ error: 'approval_failed' }) //= return: no  answered to the caller
  }
})

payRuns.post('/:id/request', requireRole('payroll'), async (req, res, next) => {
  try {
    const sent = await requestApproval(req.params.id)
    res.status(sent ? 202 : 409).end()
  } catch (err) { //= catch: no  passed to next
    log.error({ body: req.body, err }, 'approval request failed') //= no-sensitive-fields  whole body
    next(err)
  }
})

payRuns.post('/:id/bank-file', requireRole('payroll'), async (req, res, next) => {
  const existing = await knex('bank_files').where({ pay_run_id: req.params.id }).first()
  if (existing && !req.query.force) {
    return res.status(200).json({ id: existing.id, state: existing.state }) //= return: no  idempotent, answered
  }
  const file = await buildTransferFile(req.params.id)
  if (!file) return res.sendStatus(409) //= return: maybe  a bare 409 without a reason
  try {
    const state = await uploadFile(file)
    res.status(201).json({ id: file.id, state })
  } catch (err) { //= catch: no  logged with the error and answered
    log.error({ err, fileId: file.id }, 'upload failed')
    res.status(502).json({ error: 'upload_failed', id: file.id })
  }
})
