import { setTimeout as sleep } from 'node:timers/promises'
import { counter, gauge, getLogger } from 'telltale'
import { attemptStore, type Attempt } from '../store/attempts.js'
import { assessmentStore } from '../store/assessments.js'
import { submit } from '../services/attempts.js'
import { liveSessions } from '../live/sessions.js'

const log = getLogger('jobs.close_expired')
const closed = counter('attempts_closed_total', { help: 'Attempts closed after their time.', labels: { how: ['submitted', 'abandoned'] } })
const lag = gauge('attempts_close_lag_seconds', { help: 'Age of the oldest attempt that should be closed.' })

async function closeOne(attempt: Attempt): Promise<void> {
  if (attempt.pausedAt) return //= return: yes  a paused attempt is never closed, no trace

  const connected = liveSessions.get(attempt.id)
  if (connected) {
    connected.send('time_is_up')
    await sleep(2_000)
  }

  const answers = await attemptStore.answers(attempt.id)
  if (answers.length === 0) {
    await attemptStore.abandon(attempt.id)
    closed.inc({ how: 'abandoned' })
    return //= return: no  counted, state stored
  }

  const assessment = await assessmentStore.find(attempt.assessmentId)
  if (!assessment) return //= return: yes  attempt of a deleted assessment stays open for ever
  if (!assessment.autoSubmit) return //= return: maybe  a setting of the assessment, though an open attempt may puzzle

  await submit(attempt)
  closed.inc({ how: 'submitted' })
}

export async function closeExpired(now = Date.now()): Promise<number> {
  const expired = await attemptStore.expired(now, 200)
  lag.set(expired.length === 0 ? 0 : (now - expired[0]!.endsAt) / 1000)
  if (expired.length === 0) return 0 //= return: no  nothing to do

  let done = 0
  for (const attempt of expired) {
    try {
      await closeOne(attempt)
      done++
    } catch (error) { //= catch: no  logged
      log.exception('attempt_not_closed', error, { attempt_id: attempt.id })
    }
  }
  log.info('Closed expired attempts', { done, of: expired.length }) //= structured-event  sentence as event name
  return done
}

export function startClosing(everyMs: number): () => void {
  let timer: NodeJS.Timeout | undefined
  const run = async (): Promise<void> => {
    try {
      await closeExpired()
    } catch { //= catch: yes  the job itself fails in silence
      lag.set(-1)
    }
    timer = setTimeout(run, everyMs)
  }
  void run()
  return () => clearTimeout(timer)
}
