import { context, SpanStatusCode, trace, type Span } from '@opentelemetry/api'
import { counter, getLogger } from 'telltale'
import { attemptStore, type Attempt } from '../store/attempts.js'
import { graderClient, type GraderAnswer } from '../grader-client.js'
import { reviewQueue } from '../store/review-queue.js'

const tracer = trace.getTracer('grading')
const log = getLogger('grading')
const graded = counter('essays_graded_total', { help: 'Essays graded by machine.', labels: { outcome: String } })

const traced = async <T>(name: string, work: (span: Span) => Promise<T>): Promise<T> => {
  const span = tracer.startSpan(name)
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span)) //= return: no  the result
  } catch (error) { //= catch: no  recorded and rethrown
    span.recordException(error as Error)
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    span.end()
  }
}

function confident(answer: GraderAnswer): boolean {
  if (answer.language !== 'en' && answer.language !== 'de') return false //= return: no  predicate
  return answer.confidence >= 0.8
}

export async function gradeEssays(attempt: Attempt): Promise<void> {
  await traced('grade_essays', async (span) => {
    const essays = await attemptStore.essays(attempt.id)
    span.setAttribute('essays', essays.length)
    if (essays.length === 0) return //= return: no  nothing to do

    const budget = await graderClient.budgetLeft()
    if (budget < essays.length) return //= return: yes  budget is spent, essays stay ungraded

    for (const essay of essays) {
      try {
        const answer = await graderClient.grade(essay.text, essay.rubric)
        if (!confident(answer)) {
          await reviewQueue.add(essay.id, 'low_confidence')
          continue
        }
        await attemptStore.setPoints(essay.id, answer.points)
        graded.inc({ outcome: 'graded' })
      } catch (error) { //= catch: no  logged with ids, though by its message
        graded.inc({ outcome: (error as Error).message }) //= bounded-labels  error message as label
        log.error('essay_not_graded', { essay_id: essay.id, error: (error as Error).message }) //= error-with-context  error.message alone
        await reviewQueue.add(essay.id, 'grader_failed')
      }
    }
  })
}

export async function regrade(attemptId: string, by: string): Promise<number | null> {
  const attempt = await attemptStore.find(attemptId)
  if (attempt === null) return null //= return: no  not found, the caller answers 404

  const locked = await attemptStore.lock(attemptId, by)
  if (!locked) return null //= return: yes  regrade is dropped by a lock and looks like not found

  try {
    await gradeEssays(attempt)
    return await attemptStore.total(attemptId) //= return: no  the result
  } finally {
    await attemptStore.unlock(attemptId).catch(() => {}) //= catch: yes  attempt stays locked, no regrade ever again
  }
}
