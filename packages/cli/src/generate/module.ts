import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../usage-error.js'
import type { Definition } from './definitions.js'

const timeoutMs = 20_000
const maxSaid = 2000

// A service's module may print, listen and never end: it runs in a process of its own, with the copy of the SDK that it
// finds itself. setup() adds what every service has beside its own; one that has called it already keeps its own.
const script = `
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
const file = process.argv[1]
const tell = (told) => process.send(told, () => process.exit())
try {
  let sdk
  try {
    sdk = createRequire(file)('telltale')
  } catch (error) {
    tell({ problem: 'no-sdk', text: error.message })
  }
  if (sdk !== undefined && typeof sdk.metricDefinitions !== 'function') tell({ problem: 'old-sdk' })
  else if (sdk !== undefined) {
    const before = sdk.metricDefinitions().length
    await import(pathToFileURL(file).href)
    const defined = sdk.metricDefinitions().length - before
    try {
      createRequire(file)('telltale/http')
      sdk.setup({ service: 'telltale-generate', lifecycle: { signals: false } })
    } catch {}
    tell(defined === 0 ? { problem: 'none' } : { definitions: sdk.metricDefinitions() })
  }
} catch (error) {
  tell({ problem: 'failed', text: String(error?.stack ?? error) })
}
`

interface Told {
  readonly definitions?: readonly Definition[]
  readonly problem?: 'no-sdk' | 'old-sdk' | 'none' | 'failed'
  readonly text?: string
}

/** The metrics defined once a module has been imported. Throws a `UsageError` that says why there are none. */
export async function definedBy(path: string): Promise<readonly Definition[]> {
  const file = resolve(path)
  if (!existsSync(file)) throw new UsageError(`telltale generate: there is no module ${path}.`)
  const told = await imported(file)
  if (told.definitions !== undefined) return told.definitions
  throw new UsageError(`telltale generate: ${problem(path, told)}`)
}

function problem(path: string, { problem, text = '' }: Told): string {
  if (problem === 'no-sdk') return `${path} finds no package telltale: ${firstLine(text)}`
  if (problem === 'old-sdk')
    return `${path} finds a telltale that can't tell of its metrics: install a newer one, or name a running service's /metrics.`
  if (problem === 'none')
    return `${path} defines no metrics when it is imported.\nName the module that calls counter(), gauge() or histogram(), or a running service's /metrics.`
  return `importing ${path} failed.\n${text}`
}

function imported(file: string): Promise<Told> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script, '--', file], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let said = ''
    let told: Told | undefined
    child.stderr?.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-maxSaid)))
    const late = setTimeout(() => {
      told ??= { problem: 'failed', text: `It had not ended loading after ${timeoutMs / 1000} s.` }
      child.kill('SIGKILL')
    }, timeoutMs)
    child.on('message', (message) => (told ??= message as Told))
    child.on('error', ({ message }) => (told ??= { problem: 'failed', text: message }))
    child.on('close', (code) => {
      clearTimeout(late)
      const text = `It ended its process with ${code} while loading.\n${said}`.trimEnd()
      done(told ?? { problem: 'failed', text })
    })
  })
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
