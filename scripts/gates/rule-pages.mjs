import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format } from 'prettier'
import { rolldown } from 'rolldown'
import { root } from '../ready/root.mjs'
import { filesBelow, readJson, readText } from './tools.mjs'

const folder = 'docs/rules'

export async function check() {
  const made = await rulePages()
  const problems = [
    ...Object.entries(made)
      .filter(([path, text]) => !existsSync(join(root, path)) || readText(path) !== text)
      .map(([path]) => `${path} is not what the rules and their examples say: node scripts/rule-pages.mjs`),
    ...filesBelow(folder, /\.md$/)
      .filter((path) => !(path in made))
      .map((path) => `${path} is of no rule`),
  ]
  return { note: `${Object.keys(made).length} pages of the lint rules`, problems }
}

/** What docs/rules holds, by path, formatted. */
export async function rulePages() {
  const parent = join(root, '.telltale')
  mkdirSync(parent, { recursive: true })
  const scratch = mkdtempSync(join(parent, 'rule-pages-'))
  try {
    const bundle = await rolldown({
      input: join(root, 'packages/eslint-plugin/src/pages.ts'),
      platform: 'node',
    })
    const { output } = await bundle.generate({ format: 'esm' })
    await bundle.close()
    writeFileSync(join(scratch, 'pages.mjs'), output[0].code)
    const { pages } = await import(pathToFileURL(join(scratch, 'pages.mjs')).href)
    const style = { ...readJson('.prettierrc.json'), parser: 'markdown' }
    const formatted = Object.entries(pages()).map(async ([name, text]) => [
      `${folder}/${name}`,
      await format(text, style),
    ])
    return Object.fromEntries(await Promise.all(formatted))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
