import { gzip } from 'node:zlib'
import { promisify } from 'node:util'
import { trace } from '@opentelemetry/api'
import { counter, getLogger } from 'telltale'
import { assessmentStore } from '../store/assessments.js'
import { attemptStore } from '../store/attempts.js'
import { bucket } from '../bucket.js'
import { locks } from '../store/locks.js'

const compress = promisify(gzip)
const log = getLogger('jobs.archive')
const tracer = trace.getTracer('jobs')
const archived = counter('answers_archived_total', { help: 'Answers archived.', labels: { outcome: ['archived', 'kept', 'failed'] } })

const refuse = (reason: string, assessment_id: string): undefined => {
  archived.inc({ outcome: 'kept' })
  return log.skip('archive_refused', { reason, assessment_id })
}

async function archive(assessmentId: string): Promise<string | undefined> {
  await using lock = await locks.take(`archive:${assessmentId}`)
  if (!lock.held) return //= return: yes  archive is dropped while locked, nothing says so

  const assessment = await assessmentStore.find(assessmentId)
  if (!assessment) return refuse('missing', assessmentId) //= return: no  logged and counted by the helper
  const appeals = await assessmentStore.openAppeals(assessmentId)
  if (appeals > 0) return refuse('open_appeals', assessmentId) //= return: no  logged and counted by the helper

  const span = tracer.startSpan('archive', { attributes: { 'assessment.id': assessmentId } })
  const key = `archive/${assessmentId}.json.gz`
  try {
    const rows = await attemptStore.exportRows(assessmentId)
    if (rows.length === 0) return undefined //= return: no  nothing to archive
    const packed = await compress(JSON.stringify(rows))
    if (await bucket.exists(key)) {
      span.setAttribute('archive.existing', true)
      return key //= return: no  idempotent, archived before
    }
    await bucket.put(key, packed)
    await attemptStore.deleteAnswers(assessmentId)
    archived.inc({ outcome: 'archived' })
    return key //= return: no  the result
  } catch (error) { //= catch: yes  counted only, the error is on no span and in no log
    archived.inc({ outcome: 'failed' })
    return undefined //= return: no  the catch is the finding
  } finally {
    span.end()
  }
}

export async function archiveOld(): Promise<void> {
  const settings = await assessmentStore.archiveSettings()
  if (!settings) return //= return: yes  without settings nothing is archived for ever, no trace
  if (!settings.enabled) {
    log.info('archive_disabled')
    return //= return: no  logged
  }

  const old = await assessmentStore.closedBefore(Date.now() - settings.days * 86_400_000)
  let done = 0
  do {
    const batch = old.splice(0, 5)
    const keys = await Promise.all(batch.map(({ id }) => archive(id)))
    done += keys.filter((key) => key !== undefined).length
  } while (old.length > 0)
  log.info('answers_archived', { done })
}

export async function restore(assessmentId: string): Promise<number> {
  const file = await bucket.get(`archive/${assessmentId}.json.gz`).catch((error: { code?: string }) => { //= catch: no  missing file narrowed, rest rethrown
    if (error.code === 'NoSuchKey') return null //= return: no  narrowed
    throw error
  })
  if (file === null) return 0 //= return: maybe  told by 0, but somebody asked for a restore
  const rows: unknown[] = JSON.parse(file.toString())
  const present = await attemptStore.countAnswers(assessmentId)
  if (present > 0) return 0 //= return: yes  restore refused because answers exist, looks like nothing archived
  await attemptStore.importRows(assessmentId, rows)
  return rows.length
}
