import { briefField } from '../errors/record.js'
import { warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import type { Hook } from './hooks.js'
import { leftUntil, within } from './within.js'

const log = loggerNamed('telltale')

/**
 * One after the other, within one deadline for all; once that is over the rest is still called, and not waited for.
 * Resolves to what failed or took longer. Never rejects.
 */
export async function runHooks(hooks: readonly Hook[], deadline: number): Promise<readonly string[]> {
  const cut: string[] = []
  const runs: Promise<void>[] = []
  for (const hook of hooks) {
    const run = ended(hook, deadline).then((isDone) => {
      if (!isDone) cut.push(`hook ${hook.name}`)
    })
    runs.push(run)
    if (performance.now() < deadline) await run
  }
  await Promise.all(runs)
  return cut
}

async function ended({ name, run }: Hook, deadline: number): Promise<boolean> {
  try {
    return await within(leftUntil(deadline), run)
  } catch (error) {
    sayHookFailed(name, error)
    return false
  }
}

export function sayHookFailed(hook: string, error: unknown): void {
  // A drain belongs to no request, even where one asked for it.
  log.raise(warning, 'shutdown_hook_failed', { hook, error: briefField(error) }, undefined)
}
