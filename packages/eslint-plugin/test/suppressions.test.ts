import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const silent = `export async function send(order) {
  try {
    await mailer.send(order)
  } catch {}
}
`

test.each(['eslint', 'eslint-9'])(
  'what %s has suppressed in bulk stays so, and what is new fails',
  async (host) => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'telltale-suppressed-'))
    try {
      const lint = (...args: string[]): Promise<{ code: number; output: string }> =>
        new Promise((done) => {
          execFile(
            process.execPath,
            [join(root, 'node_modules', host, 'bin/eslint.js'), '.', ...args],
            { cwd: folder },
            (error, stdout, stderr) => done({ code: Number(error?.code ?? 0), output: stdout + stderr }),
          )
        })
      const built = JSON.stringify(join(root, 'packages/eslint-plugin/dist/index.js'))
      const config = `import telltale from ${built}\nexport default telltale.configs.recommended\n`
      writeFileSync(join(folder, 'eslint.config.mjs'), config)
      writeFileSync(join(folder, 'old.mjs'), silent)

      const first = await lint()
      expect(first.code, first.output).toBe(1)
      const suppressed = await lint('--suppress-all')
      expect(suppressed.code, suppressed.output).toBe(0)
      const kept = JSON.parse(readFileSync(join(folder, 'eslint-suppressions.json'), 'utf8')) as object
      expect(kept).toEqual({ 'old.mjs': { 'telltale/no-silent-catch': { count: 1 } } })
      expect((await lint()).code).toBe(0)

      writeFileSync(join(folder, 'new.mjs'), silent)
      const later = await lint()
      expect(later.code).toBe(1)
      expect(later.output).toContain('new.mjs')
      expect(later.output).not.toContain('old.mjs')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
