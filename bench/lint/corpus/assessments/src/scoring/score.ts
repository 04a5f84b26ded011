import { parseNumber, sameText } from './answer-parser.js'
import type { Attempt } from '../store/attempts.js'
import type { Question } from '../store/assessments.js'

export interface Score {
  points: number
  needsReview: boolean
  byQuestion: Record<string, number>
}

type Answer = { questionId: string; value: unknown }

function choicePoints(question: Question, value: unknown): number {
  if (!Array.isArray(value)) return value === question.key ? question.points : 0 //= return: no  pure
  const right = new Set(question.keys)
  let hits = 0
  for (const one of value) {
    if (!right.has(one)) return 0 //= return: no  pure
    hits += 1
  }
  if (question.partial) return (hits / right.size) * question.points //= return: no  pure
  return hits === right.size ? question.points : 0
}

export function pointsFor(question: Question, value: unknown): number | null {
  if (value === undefined || value === '') return 0 //= return: no  pure
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return choicePoints(question, value) //= return: no  pure
    case 'number': {
      const number = parseNumber(value)
      if (number === null) return 0 //= return: no  pure
      return Math.abs(number - question.answer) <= question.tolerance ? question.points : 0 //= return: no  pure
    }
    case 'text':
      return question.accepted.some((text: string) => sameText(text, String(value))) ? question.points : 0 //= return: no  pure
    case 'essay':
      return null //= return: no  pure
    default:
      throw new RangeError(`cannot score ${(question as { kind: string }).kind}`)
  }
}

export function score(attempt: Attempt & { questions: Question[] }, answers: Answer[]): Score {
  const byId = new Map(answers.map((answer) => [answer.questionId, answer.value]))
  const byQuestion: Record<string, number> = {}
  let needsReview = false
  for (const question of attempt.questions) {
    const points = pointsFor(question, byId.get(question.id))
    if (points === null) {
      needsReview = true
      continue
    }
    byQuestion[question.id] = points
  }
  const points = Object.values(byQuestion).reduce((sum, one) => sum + one, 0)
  return { points, needsReview, byQuestion }
}
