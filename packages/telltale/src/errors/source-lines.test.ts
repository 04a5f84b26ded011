import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import type { StackFrame } from './frame.js'
import { sourceLines, withSourceLines } from './source-lines.js'

const folder = mkdtempSync(join(tmpdir(), 'source-lines-'))
afterAll(() => {
  sourceLines.current = 0
  rmSync(folder, { recursive: true })
})
beforeEach(() => void (sourceLines.current = 1))

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const at = (file: string, line: number, inApp = true): StackFrame => ({ file, line, inApp })
const of = (file: string, line: number): StackFrame['source'] => withSourceLines([at(file, line)])[0]!.source

it('has the lines around a call, without what the strings say', () => {
  const file = write(
    'pay.ts',
    "const a = 1\nconst key = 'canary-0'\ncharge(a, 'canary-1')\n// canary-2\nreturn a\n",
  )
  expect(of(file, 3)).toEqual({ before: ["const key = '…'"], line: "charge(a, '…')", after: ['//…'] })
  expect(of(file, 1)).toEqual({ before: [], line: 'const a = 1', after: ["const key = '…'"] })
})

it('has none unless asked', () => {
  const file = write('off.js', 'a()\n')
  sourceLines.current = 0
  expect(of(file, 1)).toBeUndefined()
})

it('screens what is left by the policy', () => {
  const file = write('screened.js', 'a()\nconst password = 123456\nb(secret_key=hunter2canary)\n')
  expect(JSON.stringify(of(file, 2))).not.toMatch(/canary/)
})

it('reads code only, own code only, and no more of it than is bounded', () => {
  const secret = write('canary.env', 'KEY=canary\n')
  const big = write('big.js', `${'x'.repeat(300_000)}\n`)
  const long = write('long.js', `${'x'.repeat(1000)}\n`)
  mkdirSync(join(folder, 'folder.js'))
  expect(of(secret, 1)).toBeUndefined()
  expect(of(big, 1)).toBeUndefined()
  expect(of(join(folder, 'folder.js'), 1)).toBeUndefined()
  expect(of(join(folder, 'missing.js'), 1)).toBeUndefined()
  expect(of('//host/share/x.js', 1)).toBeUndefined()
  expect(of('relative.js', 1)).toBeUndefined()
  expect(of(long, 9)).toBeUndefined()
  expect(of(long, 1)!.line).toBe(`${'x'.repeat(256)}…`)
  expect(withSourceLines([at(long, 1, false)])[0]!.source).toBeUndefined()
})

it('does not wait for what is no file', () => {
  const pipe = join(folder, 'pipe.js')
  if (process.platform === 'win32') return
  execFileSync('mkfifo', [pipe])
  expect(of(pipe, 1)).toBeUndefined()
})

it('has those of the topmost own calls', () => {
  const file = write('many.js', 'a()\n'.repeat(100))
  const frames = withSourceLines(Array.from({ length: 50 }, (_, i) => at(file, i + 1)))
  expect(frames.map(({ source }) => source !== undefined)).toEqual(frames.map((_, i) => i < 5))
})
