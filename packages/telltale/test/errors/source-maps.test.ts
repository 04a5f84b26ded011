import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'rolldown'
import type { ErrorReport } from 'telltale'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Child, endChildren } from '../support/child.js'

const source = `interface Card { readonly id: string }

class Gateway {
  static async charge(card: Card): Promise<void> {
    await null
    throw new RangeError('canary refused ' + card.id)
  }
}

export async function handle(): Promise<void> {
  await Gateway.charge({ id: '17' })
}
`

const folder = mkdtempSync(join(tmpdir(), 'source-maps-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(endChildren)

writeFileSync(join(folder, 'pay.ts'), source)
beforeAll(() =>
  build({
    input: join(folder, 'pay.ts'),
    output: { file: join(folder, 'dist/pay.mjs'), sourcemap: true },
    logLevel: 'silent',
  }),
)

async function reported(maps: 'on' | 'off'): Promise<ErrorReport> {
  const child = new Child('errors-mapped.mjs', [pathToFileURL(join(folder, 'dist/pay.mjs')).href, maps])
  await child.ended
  return JSON.parse(child.stdout) as ErrorReport
}

test('with source maps the frames and their lines are those of the source, and the fingerprint stays', async () => {
  const [on, off] = await Promise.all([reported('on'), reported('off')])
  expect(on.error.frames[0]).toEqual({
    function: expect.stringMatching(/charge$/) as string,
    file: join(folder, 'pay.ts'),
    line: 6,
    column: 11,
    inApp: true,
    source: { before: ['    await null'], line: "    throw new RangeError('…' + card.id)", after: ['  }'] },
  })
  expect(off.error.frames[0]).toMatchObject({
    file: join(folder, 'dist/pay.mjs'),
    source: { before: ['\t\tawait null;'] },
  })
  expect(on.fingerprint).toBe(off.fingerprint)
})
