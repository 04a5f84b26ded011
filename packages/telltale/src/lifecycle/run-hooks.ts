import { briefField } from '../errors/record.js'
import { warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { type Hook, takeHook, takeHooks } from './hooks.js'
import { leftUntil, within } from './within.js'

const log = loggerNamed('telltale')

/**
 * One after the other, those that they register themselves too, within one deadline for all; once that is over the rest
 * is still called, and not waited for. Resolves to what failed, took longer, or was registered too late to be called.
 * Never rejects.
 */
export async function runHooks(deadline: number): Promise<readonly string[]> {
  const cut: string[] = []
  const begin = async (hook: Hook): Promise<void> => {
    if (!(await hasEnded(hook, deadline))) cut.push(named(hook))
  }
  while (performance.now() < deadline) {
    const hook = takeHook()
    if (hook === undefined) return cut
    await begin(hook)
  }
  await Promise.all(takeHooks().map(begin))
  return [...cut, ...takeHooks().map(named)]
}

function named({ name }: Hook): string {
  return `hook ${name}`
}

async function hasEnded({ name, run }: Hook, deadline: number): Promise<boolean> {
  try {
    return await within(leftUntil(deadline), run)
  } catch (error) {
    if (isOfClosedServer(error)) return true
    sayHookFailed(name, error)
    return false
  }
}

/** What closing a server fails with that the drain has closed before: it is done. */
export function isOfClosedServer(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null | undefined)?.code === 'ERR_SERVER_NOT_RUNNING'
}

export function sayHookFailed(hook: string, error: unknown): void {
  // A drain belongs to no request, even where one asked for it.
  log.raise(warning, 'shutdown_hook_failed', { hook, error: briefField(error) }, undefined)
}
