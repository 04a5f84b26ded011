import { answerMarks } from '../../harness/measured.mjs'

let served = 0

/** Answers one save: the same work and the same three business events in every variant; `log` is each variant's own. */
export function saveAnswer(log, assessmentId, { user_id, question_id, skill_area, answer, client }) {
  served++
  log.info('answer_received', { user_id, assessment_id: assessmentId, question_id, skill_area, client })
  const correct = answer === 'B'
  const score = correct ? 1 : 0
  log.info('answer_scored', {
    user_id,
    assessment_id: assessmentId,
    question_id,
    correct,
    score,
    max_score: 1,
  })
  const answered = (Number(assessmentId.slice(2)) % 40) + 1
  const progress = { answered, total: 40, share: answered / 40 }
  log.info('assessment_progressed', { user_id, assessment_id: assessmentId, skill_area, progress })
  return { assessment_id: assessmentId, question_id, saved: true, correct, score, answered, total: 40 }
}

/** What bare servers are given for a logger. */
export const silent = { info() {} }

/** Tells the harness where the server listens; then answers its marks with the requests served so far. */
export function ready(port) {
  answerMarks(() => served)
  process.send({ port })
}
