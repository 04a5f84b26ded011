import { AsyncLocalStorage } from 'node:async_hooks'
import { scopes, type Scope } from '../context/scope.js'
import { slot } from '../state/state.js'
import type { Said } from './event.js'

/** What `withScope` gathers for the failures inside it, what was said around it included. */
export interface SayingScope {
  readonly tags: Record<string, string>
  readonly contexts: Record<string, Record<string, unknown>>
}

/** One capture by hand, as long as its call lasts. */
export interface Capture extends Pick<Said, 'tags' | 'contexts'> {
  readonly level: Said['level'] | undefined
  /** The id that its event got, where one is sent. */
  id: string | undefined
}

/** What is said by hand, all redacted where it came in. */
export const saying = slot('sentry.saying', () => ({
  scopes: new AsyncLocalStorage<SayingScope>(),
  capture: undefined as Capture | undefined,
  emails: new WeakMap<Scope, string>(),
}))

/** What applies to a failure that is reported now: what was said nearest to it wins. */
export function saidNow(): Said {
  const { capture } = saying
  const scope = saying.scopes.getStore()
  const email = emailNow()
  return {
    tags: { ...scope?.tags, ...capture?.tags },
    contexts: { ...scope?.contexts, ...capture?.contexts },
    ...(capture?.level !== undefined && { level: capture.level }),
    ...(email !== undefined && { email }),
  }
}

function emailNow(): string | undefined {
  for (let scope = scopes.getStore(); scope !== undefined; scope = scope.parent) {
    const email = saying.emails.get(scope)
    if (email !== undefined) return email
  }
  return undefined
}
