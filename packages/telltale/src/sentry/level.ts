const levels = ['fatal', 'error', 'warning', 'info', 'debug'] as const
export type SentryLevel = (typeof levels)[number]

/** A level of the log in Sentry's words. */
export function levelOf(level: string): SentryLevel {
  if (level === 'critical') return 'fatal'
  return levels.find((each) => each === level) ?? 'error'
}
