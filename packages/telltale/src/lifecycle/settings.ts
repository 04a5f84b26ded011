import { slot } from '../state/state.js'

export interface LifecycleOptions {
  /** Whether SIGTERM and SIGINT drain and end the process; default true. */
  readonly signals?: boolean
  /** Milliseconds of serving on after readiness has failed; default 5,000 in Kubernetes, else 0. */
  readonly drainDelayMs?: number
  /** Milliseconds that requests, background work and flows under way may take to end; default 20,000. */
  readonly drainTimeoutMs?: number
  /** Milliseconds for hooks and flushes; default 3,000. */
  readonly flushTimeoutMs?: number
}

export const lifecycle = slot('lifecycle', () => ({
  drainDelayMs: 0,
  drainTimeoutMs: 20_000,
  flushTimeoutMs: 3000,
}))

export function configureLifecycle(options: LifecycleOptions): void {
  lifecycle.drainDelayMs = options.drainDelayMs ?? (process.env['KUBERNETES_SERVICE_HOST'] ? 5000 : 0)
  lifecycle.drainTimeoutMs = options.drainTimeoutMs ?? 20_000
  lifecycle.flushTimeoutMs = options.flushTimeoutMs ?? 3000
}
