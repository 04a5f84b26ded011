import { expect, test } from 'vitest'
import { parseArgs, usage } from './args.mjs'

const subjects = { request: { summary: 'What a request costs.' }, log: { summary: 'What an event costs.' } }
const parse = (line) => parseArgs(line.split(' ').filter(Boolean), subjects)

test('a subject and its options, in any order', () => {
  expect(parse('request')).toEqual({ subject: 'request', quick: false, json: false })
  expect(parse('--json log --quick')).toEqual({ subject: 'log', quick: true, json: true })
})

test('a wrong call is told what was wrong', () => {
  expect(parse('').error).toContain('Which subject')
  expect(parse('reqest').error).toContain('"reqest"')
  expect(parse('constructor').error).toContain('"constructor"')
  expect(parse('request log').error).toContain('One subject at a time')
  expect(parse('request --fast').error).toContain('--fast')
})

test('the usage lists every subject with its summary', () => {
  expect(usage(subjects)).toContain('  request   What a request costs.\n  log       What an event costs.')
})
