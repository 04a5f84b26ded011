/** The reserved keys of a log line, in the only order they may have. */
const RESERVED =
  'timestamp level logger event service version environment instance request_id trace_id span_id flow_id'.split(
    ' ',
  )
const REQUIRED = ['timestamp', 'level', 'logger', 'event', 'service']
const LEVELS = new Set(['debug', 'info', 'warning', 'error', 'critical'])
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

export type LogLine = Record<string, unknown> & {
  timestamp: string
  level: string
  logger: string
  event: string
}

export type Checked = { line: LogLine; problem?: undefined } | { line?: undefined; problem: string }

/** Checks the lines of one process, in their order: each one JSON object, keys in order and once, time never back. */
export function createLineCheck(): (text: string) => Checked {
  let latest = ''
  return (text) => {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return { problem: 'is not JSON' }
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { problem: 'is not a JSON object' }
    }
    const line = value as LogLine
    const problem = problemOfKeys(topLevelKeys(text)) ?? problemOfValues(line, latest)
    if (problem !== undefined) return { problem }
    if (!isLate(line)) latest = line.timestamp
    return { line }
  }
}

/** From the flight recorder: what a request had said below the levels is written when it fails. */
function isLate(line: LogLine): boolean {
  return line['recorded'] === true
}

function problemOfKeys(keys: readonly string[]): string | undefined {
  const seen = new Set<string>()
  let place = -1
  for (const key of keys) {
    if (seen.has(key)) return `has the key ${JSON.stringify(key)} twice`
    seen.add(key)
    const reserved = RESERVED.indexOf(key)
    if (reserved === -1) place = RESERVED.length
    else if (reserved < place) return `has the key ${key} out of its place`
    else place = reserved
  }
  const missing = REQUIRED.find((key) => !seen.has(key))
  return missing && `has no ${missing}`
}

function problemOfValues(line: LogLine, latest: string): string | undefined {
  if (!TIMESTAMP.test(line.timestamp)) return `has the timestamp ${JSON.stringify(line.timestamp)}`
  if (line.timestamp < latest && !isLate(line))
    return `goes back in time, from ${latest} to ${line.timestamp}`
  if (!LEVELS.has(line.level)) return `has the level ${JSON.stringify(line.level)}`
  if (typeof line.event !== 'string' || line.event === '') return 'has no event name'
  return undefined
}

/**
 * The keys of the outermost object as they are written: JSON.parse hides a key that comes twice, and moves those
 * that look like numbers to the front. `text` must be valid JSON.
 */
export function topLevelKeys(text: string): string[] {
  const keys: string[] = []
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]|:/g
  let depth = 0
  let string = ''
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [found] = match
    if (found === '{' || found === '[') depth++
    else if (found === '}' || found === ']') depth--
    else if (found !== ':') string = found
    else if (depth === 1) keys.push(JSON.parse(string) as string)
  }
  return keys
}
