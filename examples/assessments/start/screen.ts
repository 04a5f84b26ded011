import { once } from 'node:events'
import { createConsoleRenderer } from 'telltale/console'
import { createPaint, wantsColor, type Paint } from './paint.js'

/** Where the runner speaks to a person: stdout, or stderr where stdout is for the one JSON object. */
export interface Screen {
  paint: Paint
  /** Columns of the terminal; infinite where there is none. */
  columns(): number
  /** Resolves when there is room for more. */
  say(text: string): Promise<void>
  /** Shows a step as begun; the returned function shows it as done, on the same line where there is a terminal. */
  begin(name: string, what: string): (what: string, ms: number) => Promise<void>
  /** Shows what needed no starting. */
  note(name: string, what: string): Promise<void>
  /** Draws a log line. */
  log(line: string): Promise<void>
}

const NAME = 11

export function createScreen({ json }: { json: boolean }): Screen {
  const stream = json ? process.stderr : process.stdout
  const isTerminal = stream.isTTY === true
  const color = wantsColor(process.env, isTerminal)
  const paint = createPaint(color)
  // Asked anew each time: in a session of its own this process gets no SIGWINCH, and `columns` would never change.
  const columns = (): number => (isTerminal ? stream.getWindowSize()[0] : Infinity)
  const render = createConsoleRenderer({ color, width: columns })
  let gone = false
  stream.on('error', () => (gone = true))
  const write = async (text: string): Promise<void> => {
    if (gone || stream.write(text)) return
    await once(stream, 'drain').catch(() => {
      // It broke while it was waited for: it is gone from now on.
    })
  }
  const say = (text: string): Promise<void> => write(`${text}\n`)
  return {
    paint,
    columns,
    say,
    begin(name, what) {
      const label = name.padEnd(NAME)
      if (isTerminal) void write(`  ${paint.yellow('◌')} ${label}${paint.dim(what)}`)
      return (done, ms) => {
        const took = ms >= 100 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms)} ms`
        const line = `  ${paint.green('✓')} ${label}${done}   ${paint.dim(took)}`
        return say(isTerminal ? `\r\x1b[2K${line}` : line)
      }
    },
    note: (name, what) => say(`  ${paint.green('✓')} ${name.padEnd(NAME)}${what}`),
    log: (line) => say(render(line)),
  }
}
