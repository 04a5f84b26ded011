import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { grouped } from '../baseline/grouped.js'
import { prefix, type Finding, type Linted, type Silenced, type Unparsed, type Unused } from '../finding.js'
import { NoVerdict } from '../no-verdict.js'
import { blamed } from './blamed.js'
import type { Host, HostCall } from './host.js'
import { isAtLeast } from './installed.js'
import { isUnused, unusedIn, underOtherName } from './our-rules.js'

/** What of ESLint's API is used; the package is the project's. */
interface Api {
  readonly ESLint: new (options: object) => {
    lintFiles(paths: readonly string[]): Promise<readonly Result[]>
    findConfigFile(): Promise<string | undefined>
    calculateConfigForFile(path: string): Promise<Config | undefined>
  }
}

interface Config {
  readonly rules?: Readonly<Record<string, unknown>>
  readonly plugins?: Readonly<Record<string, { readonly meta?: { readonly name?: string } }>>
}

interface Result {
  readonly filePath: string
  readonly messages: readonly Message[]
  readonly suppressedMessages: readonly (Message & {
    readonly suppressions: readonly { readonly kind: string; readonly justification: string }[]
  })[]
}

interface Message {
  readonly ruleId: string | null
  readonly fatal?: boolean
  readonly severity: 1 | 2
  readonly line?: number
  readonly column?: number
  readonly message: string
}

const bulkFile = 'eslint-suppressions.json'

export const eslint: Host = {
  title: 'ESLint',
  configs: ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((extension) => `eslint.config.${extension}`),
  accepts: (version) => isAtLeast(version, 9, 22),
  needs: 'ESLint 9.22 or newer',
  setup:
    "in eslint.config.js: import telltale from 'eslint-plugin-telltale', and telltale.configs.recommended in the list",
  lint: run,
}

async function run({ folder, paths, config, installed }: HostCall): Promise<Linted> {
  const entry = createRequire(join(installed.folder, 'any.js')).resolve(installed.folder)
  const api = (await import(pathToFileURL(entry).href)) as Api
  const linter = new api.ESLint({
    cwd: folder,
    ...(config !== undefined && { overrideConfigFile: config }),
    // The other rules, those that need types above all, are the host's own run's.
    ruleFilter: ({ ruleId }: { ruleId: string }) => ruleId.startsWith(prefix),
    overrideConfig: { linterOptions: { reportUnusedDisableDirectives: 'warn' } },
  })
  let results: readonly Result[]
  try {
    results = await linter.lintFiles(paths.length === 0 ? ['.'] : paths)
  } catch (error) {
    const nearest = () =>
      linter.findConfigFile().catch(() => {
        // The error to tell of is the one that is there already.
        return undefined
      })
    const used = config === undefined ? await nearest() : resolve(folder, config)
    throw new NoVerdict(`ESLint ${installed.version} could not lint: ${blamed(error as Error, used, folder)}`)
  }
  const bulkCounts = readBulk(folder)
  const [findings, bulk, silenced]: [Finding[], Finding[], Silenced[]] = [[], [], []]
  const [unused, unparsed, files]: [Unused[], Unparsed[], string[]] = [[], [], []]
  for (const { filePath, messages, suppressedMessages } of results) {
    const file = relative(folder, filePath).split(sep).join('/')
    if (messages.some(isIgnored)) continue
    files.push(file)
    for (const { fatal, line = 1, column = 1, message } of messages) {
      if (fatal) unparsed.push({ file, line, message })
      const rules = isUnused(message) ? unusedIn(message) : undefined
      if (rules !== undefined) unused.push({ file, line, column, rules })
    }
    const own = messages.flatMap((message) => ours(file, message))
    for (const message of suppressedMessages) {
      const reason = message.suppressions.find(({ justification }) => justification !== '')?.justification
      silenced.push(...ours(file, message).map((finding) => ({ ...finding, reason: reason ?? '' })))
    }
    const isInBulk = heldBack(own, bulkCounts[file] ?? {})
    for (const finding of own) (isInBulk(finding) ? bulk : findings).push(finding)
  }
  const isConfigured = findings.length + bulk.length > 0 || (await hasRules(linter, results))
  return { files, findings, bulk, silenced, unused, unparsed, isConfigured }
}

function ours(file: string, { ruleId, fatal, severity, line = 1, column = 1, message }: Message): Finding[] {
  // What a comment names and is no rule is told of with the comment.
  if (fatal || !ruleId?.startsWith(prefix) || message.startsWith('Definition for rule')) return []
  const rule = ruleId.slice(prefix.length)
  return [{ file, line, column, rule, severity: severity === 2 ? 'error' : 'warning', message }]
}

/** A file that was named and is ignored has this one warning for a result. */
function isIgnored({ ruleId, fatal, message }: Message): boolean {
  return ruleId === null && !fatal && message.startsWith('File ignored')
}

async function hasRules(linter: InstanceType<Api['ESLint']>, results: readonly Result[]): Promise<boolean> {
  let other: string | undefined
  for (const { filePath } of results) {
    const { rules = {}, plugins = {} } = (await linter.calculateConfigForFile(filePath)) ?? {}
    for (const [id, level] of Object.entries(rules))
      if (id.startsWith(prefix) && ![0, 'off'].includes([level].flat()[0] as string | number)) return true
    for (const [name, { meta }] of Object.entries(plugins))
      if (meta?.name === 'eslint-plugin-telltale' && `${name}/` !== prefix) other ??= name
  }
  if (other !== undefined) throw underOtherName(other)
  return false
}

type BulkCounts = Readonly<Record<string, { readonly count: number } | undefined>>

function readBulk(folder: string): Readonly<Record<string, BulkCounts | undefined>> {
  let text: string
  try {
    text = readFileSync(join(folder, bulkFile), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new NoVerdict(`can't read ${bulkFile}: ${(error as NodeJS.ErrnoException).code}`)
  }
  try {
    return JSON.parse(text) as Readonly<Record<string, BulkCounts | undefined>>
  } catch {
    throw new NoVerdict(`${bulkFile} is no JSON: ESLint makes it anew by --suppress-all.`)
  }
}

/** As ESLint's command does it: the errors of a rule, if there are no more of them in the file than were suppressed. */
function heldBack(findings: readonly Finding[], counts: BulkCounts): (finding: Finding) => boolean {
  const errors = grouped(
    findings.filter(({ severity }) => severity === 'error'),
    ({ rule }) => rule,
  )
  return ({ rule }) => {
    const count = counts[prefix + rule]?.count
    const found = errors.get(rule)?.length ?? 0
    return count !== undefined && found > 0 && found <= count
  }
}
