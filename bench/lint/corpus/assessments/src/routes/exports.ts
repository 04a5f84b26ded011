import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { histogram, getLogger } from 'telltale'
import { exportStore } from '../store/exports.js'
import { attemptStore } from '../store/attempts.js'
import { bucket } from '../bucket.js'
import { queue } from '../queue.js'
import type { Variables } from '../middleware/session.js'

const log = getLogger('exports')
const sizes = histogram('export_rows', { help: 'Rows of an export.', labels: { file: String }, buckets: [10, 100, 1_000, 10_000] })

export const exportRoutes = new Hono<{ Variables: Variables }>()

exportRoutes.post('/', async (c) => {
  const user = c.get('user')
  if (!user.roles.includes('teacher')) return c.json({ error: 'forbidden' }, 403) //= return: no  answered with a reason

  const { assessmentId, format = 'csv' } = await c.req.json<{ assessmentId: string; format?: string }>()
  if (format !== 'csv' && format !== 'xlsx') return c.json({ error: 'format' }, 400) //= return: no  answered with a reason

  const running = await exportStore.running(user.id, assessmentId)
  if (running) return c.json(running, 200) //= return: no  idempotent, gives the running one

  const job = await exportStore.create({ userId: user.id, assessmentId, format })
  await queue.add('export', { exportId: job.id })
  return c.json(job, 202)
})

exportRoutes.get('/:id/file', async (c) => {
  const found = await exportStore.find(c.req.param('id'))
  if (!found || found.userId !== c.get('user').id) return c.notFound() //= return: no  answered by status
  if (found.state !== 'ready') return c.json({ state: found.state }, 409) //= return: no  answered with a reason

  return stream(c, async (out) => {
    const file = await bucket.open(found.key)
    out.onAbort(() => file.destroy())
    await out.pipe(file.web)
  })
})

export async function runExport({ exportId }: { exportId: string }): Promise<void> {
  const job = await exportStore.find(exportId)
  if (!job) return //= return: yes  export job ends without a file and without a word
  if (job.cancelledAt) return //= return: no  user's own cancel, stored on the row

  try {
    const rows = await attemptStore.exportRows(job.assessmentId)
    if (rows.length > 100_000) {
      await exportStore.fail(exportId, 'too_large')
      return //= return: no  reason is stored
    }
    await bucket.put(`exports/${exportId}.${job.format}`, rows.join('\n'))
    sizes.observe({ file: `${exportId}.${job.format}` }, rows.length) //= bounded-labels  file name with an id as label
    await exportStore.ready(exportId)
  } catch (error) { //= catch: no  logged and stored
    log.error(`export failed: ${error}`, { export_id: exportId }) //= error-with-context  error interpolated //= structured-event  interpolated event name
    await exportStore.fail(exportId, 'internal')
  }
}
