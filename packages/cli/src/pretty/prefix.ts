/** What a container runtime, an orchestrator or a supervisor has put before a line. */
export interface Prefixed {
  readonly text: string
  readonly timestamp?: string | undefined
  /** The container, pod or unit the line is from. */
  readonly source?: string | undefined
  readonly stream?: string | undefined
  /** The line goes on in the next one of the same stream. */
  readonly isPartial?: boolean
}

const maxPrefix = 300
const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)`
// Kubernetes' container runtime interface: time, stream, P(artial) or F(ull).
const cri = new RegExp(`^(${time}) (stdout|stderr) ([PF])(?::[^ ]*)? `)
const timed = new RegExp(`^(${time}) +(?=\\{)`)
// docker compose and foreman: `api-1  | `, coloured where it believes to write to a terminal.
const piped = /^(?:\x1b\[[\d;]*m)*([\w.:-]{1,100})[ \t]*\| ?(?:\x1b\[[\d;]*m)* ?/
// kubectl logs --prefix: `[pod/api-7d9/api] `.
const bracketed = /^\[([\w./-]{1,200})\] (?=\{|\d{4}-)/
// journald and syslog: `Jan 31 12:04:07 host api[812]: `.
const syslog = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,100} ([\w.@-]{1,100})(?:\[\d+\])?: (?=\{)/

/** Takes known prefixes off a line; a line without comes back as its text alone. */
export function takePrefix(line: string): Prefixed {
  const start = line.slice(0, maxPrefix)
  if (start.startsWith('{')) return { text: line }
  const container = cri.exec(start)
  if (container !== null) {
    const [all, timestamp, stream, flag] = container
    return { text: line.slice(all.length), timestamp, stream, isPartial: flag === 'P' }
  }
  const named = bracketed.exec(start) ?? syslog.exec(start) ?? composed(start)
  const rest = named === null ? line : line.slice(named[0].length)
  const stamp = timed.exec(rest.slice(0, maxPrefix))
  return {
    text: stamp === null ? rest : rest.slice(stamp[0].length),
    timestamp: stamp?.[1],
    source: named?.[1],
  }
}

/** Any table in a plain text has `word |`: only before a JSON object is it a prefix. */
function composed(start: string): RegExpExecArray | null {
  const found = piped.exec(start)
  if (found === null) return null
  const rest = start.slice(found[0].length)
  return rest.startsWith('{') || timed.test(rest) ? found : null
}
