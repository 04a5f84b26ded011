import { getLogger } from 'telltale'
import { bus } from './bus.js'
import { assessmentStore, type Question } from '../store/assessments.js'
import { attemptStore } from '../store/attempts.js'
import { certificateStore } from '../store/certificates.js'
import { search } from '../search.js'
import { sendResults } from '../jobs/send-results.js'
import { issueCertificate } from '../services/certificates.js'
import { score } from '../scoring/score.js'

const log = getLogger('listeners.course')

const changesKey = (before: Question, after: Question): boolean => {
  if (before.kind !== after.kind) return true //= return: no  predicate
  return JSON.stringify(before.keys) !== JSON.stringify(after.keys)
}

export async function onQuestionEdited({ before, after }: { before: Question; after: Question }): Promise<void> {
  if (!changesKey(before, after)) return //= return: no  parameter filter, only keys matter
  const assessment = await assessmentStore.ofQuestion(after.id)
  if (!assessment) return //= return: yes  key was changed and nothing is scored again
  if (assessment.resultsPublished) return //= return: yes  published results aren't corrected, unsaid

  const attempts = await attemptStore.submitted(assessment.id)
  let changed = 0
  for (const attempt of attempts) {
    try {
      const result = score({ ...attempt, questions: assessment.questions }, await attemptStore.answers(attempt.id))
      if (result.points === attempt.points) continue
      await attemptStore.setTotal(attempt.id, result.points)
      changed++
    } catch (error) { //= catch: yes  attempt keeps its wrong points, the error is gone
      await attemptStore.addFlag(attempt.id, { kind: 'rescore_failed', at: Date.now() })
    }
  }
  log.info('attempts_rescored', { question_id: after.id, attempts: attempts.length, changed })
}

export async function onResultsReleased({ assessmentId }: { assessmentId: string }): Promise<void> {
  const pending = await attemptStore.needingReview(assessmentId)
  if (pending.length > 0) return //= return: yes  release is held back by reviews and the teacher isn't told

  await assessmentStore.publish(assessmentId)
  await sendResults(assessmentId)

  const assessment = await assessmentStore.find(assessmentId)
  if (!assessment?.certificate) return //= return: no  assessment gives no certificates
  for await (const attempt of attemptStore.passed(assessmentId)) {
    await issueCertificate(attempt, assessment).catch((cause: unknown) => { //= catch: no  rethrown with cause
      throw new Error('certificates stopped', { cause })
    })
  }
}

export async function onCourseArchived({ courseId }: { courseId: string }): Promise<void> {
  const assessments = await assessmentStore.ofCourse(courseId)
  if (assessments.length === 0) return //= return: no  nothing to do
  const running = await attemptStore.openIn(assessments.map(({ id }) => id))
  if (running > 0) {
    return //= return: yes  course isn't archived while attempts run, no trace
  }

  await Promise.all(assessments.map(({ id }) => assessmentStore.archive(id)))
  try {
    await search.remove(`course:${courseId}`)
  } catch (error) { //= catch: no  logged, in a sentence
    log.exception(`Could not remove course ${courseId} from search`, error) //= structured-event  interpolated sentence as event name
  }
  const certificates = await certificateStore.countOfCourse(courseId)
  if (certificates === 0) return //= return: no  nothing to keep
  await certificateStore.freeze(courseId)
}

bus.on('question.edited', onQuestionEdited)
bus.on('results.released', onResultsReleased)
bus.on('course.archived', onCourseArchived)
