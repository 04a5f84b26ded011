import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { backends } from './backends.mjs'
import { readLabels } from './labels.mjs'

export const folder = fileURLToPath(new URL('../../lint/corpus', import.meta.url))

/**
 * The labelled backends: `{ name, isHeldOut, framework, logger, settings, files: [{ path, code, labels }] }`, the code
 * without its labels. What lies in a folder `held-out…` is held out: rules are not written with a look at it.
 */
export function readCorpus() {
  return backendFolders().map(({ name, isHeldOut, path }) => {
    const known = backends[name]
    if (known === undefined) throw new Error(`The backend ${name} of the corpus is not in backends.mjs.`)
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
      .sort()
      .map((file) => ({
        path: file,
        ...readLabels(readFileSync(join(path, file), 'utf8'), `${name}/${file}`),
      }))
    return { name, isHeldOut, ...known, files }
  })
}

function backendFolders() {
  return foldersIn(folder)
    .flatMap((name) =>
      name.startsWith('held-out')
        ? foldersIn(join(folder, name)).map((inner) => ({
            name: inner,
            isHeldOut: true,
            path: join(folder, name, inner),
          }))
        : [{ name, isHeldOut: false, path: join(folder, name) }],
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function foldersIn(path) {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

/** Calls `use(folder)` with a temporary folder, and removes it afterwards, whatever ends the process. */
export async function withTemporaryFolder(use) {
  // Outside of the checkout, whose ignore files name what is temporary.
  const temporary = mkdtempSync(join(realpathSync(tmpdir()), 'telltale-bench-lint-'))
  const remove = () => rmSync(temporary, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    return await use(temporary)
  } finally {
    process.off('exit', remove)
    remove()
  }
}

/** Writes the files of the backends without their labels, each backend in a folder of its own name. */
export function writeBackends(corpus, target) {
  for (const { name, files } of corpus)
    for (const { path, code } of files) writeText(join(target, name, path), code)
}

export function writeText(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** How often each label is given, by what `keyOf(backend)` says: `{ files, lines, returns, catches, others }`. */
export function countBy(corpus, keyOf) {
  const counts = {}
  for (const backend of corpus) {
    const count = (counts[keyOf(backend)] ??= { files: 0, lines: 0, returns: {}, catches: {}, others: 0 })
    for (const { code, labels } of backend.files) {
      count.files += 1
      count.lines += code.split('\n').length - 1
      for (const { rule, verdict } of labels) {
        if (rule === 'no-silent-return') add(count.returns, verdict)
        else if (rule === 'no-silent-catch') add(count.catches, verdict)
        else count.others += 1
      }
    }
  }
  return counts
}

function add(counts, key) {
  counts[key] = (counts[key] ?? 0) + 1
}
