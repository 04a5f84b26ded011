import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { root } from '../ready/root.mjs'
import { anchors, codeBlocks, documents, prose } from './markdown.mjs'
import { program } from './tools.mjs'

export async function check() {
  const paths = documents()
  const blocks = paths.flatMap((path) => codeBlocks(path).map((block) => ({ path, ...block })))
  return {
    note: `${blocks.length} code blocks in ${paths.length} documents, and their links`,
    problems: [...(await compile(blocks)), ...paths.flatMap(deadLinks)],
  }
}

/** Each block is a module of its own; its lines keep their numbers, so that the compiler's words name the document's line. */
async function compile(blocks) {
  const parent = join(root, '.telltale')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'docs-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    const sources = new Map()
    for (const { path, line, prelude, code } of blocks) {
      const name = `${path.replace(/[/.]/g, '-')}-${line}.ts`
      sources.set(name, path)
      writeFileSync(join(folder, name), `export {}; ${prelude}${'\n'.repeat(line - 1)}${code}`)
    }
    const options = {
      noUnusedLocals: false,
      noUnusedParameters: false,
      noEmit: true,
      rootDir: root,
      rootDirs: [root, folder],
    }
    const config = { extends: '../../tsconfig.base.json', compilerOptions: options, include: ['*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const [said] = await program('typescript/bin/tsc', ['-p', folder, '--pretty', 'false'])
    if (said === undefined) return []
    return [
      said.replace(
        /^\S*?([^/\s(]+\.ts)\((\d+),\d+\)/gm,
        (_all, name, line) => `${sources.get(name)}:${line}`,
      ),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function deadLinks(path) {
  return [...prose(path).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
    if (/^[a-z]+:/.test(link)) return []
    const [file, anchor] = link.split('#')
    const target = file === '' ? path : join(dirname(path), file)
    if (!existsSync(join(root, target))) return [`${path}: the link ${link} leads nowhere`]
    if (anchor && basename(target).endsWith('.md') && !anchors(target).has(anchor))
      return [`${path}: the link ${link} names no heading of ${target}`]
    return []
  })
}
