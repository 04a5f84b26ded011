import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ask } from './client.js'
import { until } from './until.js'

const deploy = new URL('../../../../docs/deploy.md', import.meta.url)
const leash = fileURLToPath(new URL('../../../../scripts/testing/leash.mjs', import.meta.url))

/** The recipe that docs/deploy.md has for a balancer, listening on `port` and sending to `replicas`. */
export function recipe(language: 'haproxy' | 'nginx', port: number, replicas: readonly number[]): string {
  const [, block] = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(readFileSync(deploy, 'utf8'))!
  let next = 0
  const text = block!.replace(/\b10\.0\.0\.\d+:3000\b/g, () => `127.0.0.1:${replicas[next++]}`)
  if (next !== replicas.length) throw new Error(`The recipe for ${language} names ${next} replicas.`)
  return text.replace(
    /(bind :|listen )8080\b/,
    (_all, word: string) => `${word.replace(':', '')} 127.0.0.1:${port}`,
  )
}

/** Starts a balancer with a configuration of its own; resolves, once it answers, to what ends it. */
export async function startBalancer(
  [program, ...args]: readonly [string, ...string[]],
  configuration: string,
  port: number,
): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-balancer-'))
  writeFileSync(join(folder, 'configuration'), configuration)
  const child = spawn(process.execPath, [leash, folder, program, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  let answers = false
  const look = async (): Promise<void> => {
    while (!answers && child.exitCode === null) {
      const status = await ask(port, '/small/0').then(
        (answer) => answer.status,
        () => undefined,
      )
      answers = status === 200
    }
  }
  void look()
  await until(`the balancer answers: ${said}`, () => answers || child.exitCode !== null)
  if (!answers) throw new Error(`The balancer ended:\n${said}`)
  return () => void child.stdin.destroy()
}
