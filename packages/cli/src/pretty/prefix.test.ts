import { expect, test } from 'vitest'
import { takePrefix } from './prefix.js'

test.each([
  ['{"a":1}', { text: '{"a":1}' }],
  [
    '2026-01-31T12:04:07.512345678Z stdout F {"a":1}',
    { text: '{"a":1}', timestamp: '2026-01-31T12:04:07.512345678Z', stream: 'stdout', isPartial: false },
  ],
  [
    '2026-01-31T12:04:07.512345678+01:00 stderr P {"a"',
    { text: '{"a"', timestamp: '2026-01-31T12:04:07.512345678+01:00', stream: 'stderr', isPartial: true },
  ],
  ['2026-01-31T12:04:07Z {"a":1}', { text: '{"a":1}', timestamp: '2026-01-31T12:04:07Z' }],
  ['api-1  | {"a":1}', { text: '{"a":1}', source: 'api-1' }],
  ['\x1b[36mapi-1  | \x1b[0m{"a":1}', { text: '{"a":1}', source: 'api-1' }],
  [
    'api-1  | 2026-01-31T12:04:07Z {"a":1}',
    { text: '{"a":1}', source: 'api-1', timestamp: '2026-01-31T12:04:07Z' },
  ],
  ['[pod/api-7d9/api] {"a":1}', { text: '{"a":1}', source: 'pod/api-7d9/api' }],
  ['Jan 31 12:04:07 host api[812]: {"a":1}', { text: '{"a":1}', source: 'api' }],
  ['api-1  | listening', { text: 'api-1  | listening' }],
  ['a | b | {', { text: 'a | b | {' }],
  ['Received: {"a":1}', { text: 'Received: {"a":1}' }],
])('%j', (line, wanted) => expect(takePrefix(line)).toEqual(wanted))
