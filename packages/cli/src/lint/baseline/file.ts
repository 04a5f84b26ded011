import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { NoVerdict } from '../no-verdict.js'
import { sorted, type Entry } from './entry.js'

export interface Baseline {
  /** The version of the plugin by whose words it was recorded. */
  readonly plugin: string
  readonly entries: readonly Entry[]
}

const format = 1
const mark = 'telltale_lint_baseline'

type Counts = Record<string, Record<string, Record<string, number>>>

/** Nothing where there is no such file. */
export function readBaseline(folder: string, path: string): Baseline | undefined {
  const value = load(folder, path)
  if (value === undefined) return undefined
  const found = value[mark]
  if (found !== format)
    throw new NoVerdict(
      `${path} was made in format ${JSON.stringify(found)}, this telltale reads format ${format}. Use the version of @telltale/cli that made it, or record it again: telltale lint --baseline ${path}`,
    )
  const { plugin, findings } = value
  const entries = entriesIn(findings)
  if (typeof plugin === 'string' && entries !== undefined) return { plugin, entries }
  throw new NoVerdict(
    `${path} is damaged: it needs "plugin", a text, and "findings", counts by file, rule and line. Take it from git again, or delete it and record it: telltale lint --baseline ${path}`,
  )
}

/** What a new recording takes the place of: nothing, a baseline, or one that no longer can be read. */
export function readFormer(folder: string, path: string): Baseline | undefined {
  const value = load(folder, path)
  return value?.[mark] === format ? readBaseline(folder, path) : undefined
}

/** One line for each kind of finding, sorted, as formatters of JSON leave it. */
export function writeBaseline(folder: string, path: string, { plugin, entries }: Baseline): void {
  const findings: Counts = {}
  for (const { file, rule, line, message, count } of sorted(entries)) {
    const rules = (findings[file] ??= {})
    const lines = (rules[rule] ??= {})
    lines[`${line} ${message}`] = count
  }
  const text = `${JSON.stringify({ [mark]: format, plugin, findings }, undefined, 2)}\n`
  try {
    writeFileSync(resolve(folder, path), text)
  } catch (error) {
    throw new NoVerdict(`can't write ${path}: ${why(error)}`)
  }
}

function load(folder: string, path: string): Readonly<Record<string, unknown>> | undefined {
  let text: string
  try {
    text = readFileSync(resolve(folder, path), 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new NoVerdict(`can't read ${path}: ${why(error)}`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const hint = /^<{7} /m.test(text) ? 'It has the marks of a merge conflict. ' : ''
    throw new NoVerdict(
      `${path} is no JSON: ${(error as Error).message.replace(/\s+/g, ' ')}. ${hint}Take it from git again, or delete it and record it: telltale lint --baseline ${path}`,
    )
  }
  if (isRecord(value) && mark in value) return value
  throw new NoVerdict(
    `${path} is no baseline of telltale lint: it has no "${mark}". It is left as it is; name another file.`,
  )
}

function entriesIn(findings: unknown): Entry[] | undefined {
  if (!isRecord(findings)) return undefined
  const entries: Entry[] = []
  for (const [file, rules] of Object.entries(findings)) {
    if (!isRecord(rules)) return undefined
    for (const [rule, lines] of Object.entries(rules)) {
      if (!isRecord(lines)) return undefined
      for (const [text, count] of Object.entries(lines)) {
        const [, line, message] = /^([\da-f]+) ([^]*)$/.exec(text) ?? []
        if (line === undefined || message === undefined || !Number.isSafeInteger(count) || Number(count) < 1)
          return undefined
        entries.push({ file, rule, line, message, count: Number(count) })
      }
    }
  }
  return entries
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function why(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'its folder does not exist'
  if (code === 'EISDIR') return 'it is a folder'
  return code === 'EACCES' ? 'you may not' : String(code)
}
