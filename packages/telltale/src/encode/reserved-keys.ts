/** Keys that only the line itself writes, in the line's order. */
export const reservedKeys = [
  'timestamp',
  'level',
  'logger',
  'event',
  'service',
  'version',
  'environment',
  'instance',
  'request_id',
  'trace_id',
  'span_id',
  'flow_id',
] as const

export type ReservedKey = (typeof reservedKeys)[number]

/** What an error's record brings along. */
export const errorKeys = ['error_fingerprint', 'error_seen'] as const

/** What stands for the fields that a call, a logger and the context had beyond their number, each under its own name. */
export const cutKeys = { call: '…', bound: '… bound', context: '… context' } as const
