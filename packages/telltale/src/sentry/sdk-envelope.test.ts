import { expect, it } from 'vitest'
import { scrubEnvelope } from './sdk-envelope.js'

it('literals as other systems escape them are no loophole', () => {
  const text = `select a from t where b = 'it\\'s C4nary'`
  const span = { op: 'db', description: text, data: { 'db.system': 'mysql', 'db.statement': text } }
  const envelope: [object, [object, unknown][]] = [{}, [[{ type: 'transaction' }, { spans: [span] }]]]
  scrubEnvelope(envelope as never, false)
  const shown = 'select a from t where b = ?…'
  expect(envelope[1][0]![1]).toMatchObject({
    spans: [{ description: shown, data: { 'db.statement': shown } }],
  })
})
