import { metrics, SpanStatusCode, trace } from '@opentelemetry/api'
import { getLogger } from 'telltale'
import { attemptStore } from '../store/attempts.js'
import { assessmentStore } from '../store/assessments.js'
import { vision } from '../vision-client.js'
import { bus } from '../listeners/bus.js'

interface Snapshot {
  attemptId: string
  takenAt: number
  image: Buffer
}

const tracer = trace.getTracer('proctoring')
const meter = metrics.getMeter('proctoring')
const snapshots = meter.createCounter('proctoring_snapshots')
const faces = meter.createHistogram('proctoring_faces')
const log = getLogger('proctoring')

export async function onSnapshot(snapshot: Snapshot): Promise<void> {
  return tracer.startActiveSpan('proctoring.snapshot', async (span) => {
    span.setAttribute('attempt.id', snapshot.attemptId)
    try {
      const attempt = await attemptStore.find(snapshot.attemptId)
      if (!attempt || attempt.state !== 'open') {
        span.addEvent('snapshot_ignored', { reason: 'attempt_not_open' })
        return //= return: no  span event with the reason
      }
      const assessment = await assessmentStore.find(attempt.assessmentId)
      if (!assessment?.proctored) return //= return: no  not a proctored assessment, filter

      const analysis = await vision.analyse(snapshot.image)
      snapshots.add(1, { attempt_id: attempt.id }) //= bounded-labels  attempt id as attribute of a metric
      faces.record(analysis.faces.length, { model: analysis.model })
      if (analysis.confidence < 0.4) return //= return: yes  unclear picture isn't flagged, the examiner asks why

      if (analysis.faces.length !== 1) await flag(attempt.id, analysis.faces.length === 0 ? 'no_face' : 'several_faces')
    } catch (error) { //= catch: no  recorded on the span
      span.recordException(error as Error)
      span.setStatus({ code: SpanStatusCode.ERROR })
    } finally {
      span.end()
    }
  })
}

async function flag(attemptId: string, kind: 'no_face' | 'several_faces'): Promise<void> {
  const recent = await attemptStore.flagsSince(attemptId, Date.now() - 60_000)
  // one flag of a kind a minute is enough for the examiner
  if (recent.some((one) => one.kind === kind)) return //= return: no  reason comment

  await attemptStore.addFlag(attemptId, { kind, at: Date.now() })
  log.warning('attempt_flagged', { attempt_id: attemptId, kind })
  const total = recent.length + 1
  if (total < 3) return //= return: no  below the threshold of an escalation
  bus.emit('attempt.escalated', { attemptId })
}

export async function reviewFlags(attemptId: string, reviewer: { id: string }, verdict: 'clear' | 'void'): Promise<void> {
  const span = tracer.startSpan('proctoring.review', { attributes: { verdict } })
  try {
    const open = await attemptStore.flags(attemptId)
    if (open.length === 0) return //= return: yes  verdict is thrown away, a void would not happen
    await attemptStore.resolveFlags(attemptId, reviewer.id, verdict)
    if (verdict === 'clear') return //= return: no  branch is done
    await attemptStore.void(attemptId)
    span.setAttribute('reviewer', JSON.stringify(reviewer)) //= no-sensitive-fields  the whole user on a span
  } finally {
    span.end()
  }
}
