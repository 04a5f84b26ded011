import { createReadStream } from 'node:fs'
import type { Command, Terminal } from '../command.js'
import { levels } from '../formats/level.js'
import { UsageError } from '../usage-error.js'
import { createDraw } from './draw.js'
import { follow } from './follow.js'
import { help } from './help.js'
import { createLineSplitter, type Line } from './lines.js'
import { readOptions, type PrettyOptions } from './options.js'
import { createOutput, OutputError } from './output.js'
import { createReader, type Row } from './read.js'
import { createFilter } from './where.js'

const interrupted = 130
// A service that Ctrl-C ends has last words; one that says nothing for this long has said them.
const lastWordsMs = 2000
const maxHopeless = 1000

/** `telltale pretty`: any stream of JSON log lines as the SDK's console draws its own. */
export const pretty = {
  name: 'pretty',
  summary:
    'draws JSON log lines (Telltale, pino, winston, bunyan, structlog, ECS, OpenTelemetry) for a person',
  async run(args, terminal) {
    const options = readOptions(args)
    if (options.help) {
      terminal.stdout.write(help)
      return 0
    }
    const files = options.files.length + options.follow.length === 0 ? ['-'] : options.files
    if (files.includes('-') && terminal.stdin.isTTY === true && options.files.length === 0)
      throw new UsageError(
        'telltale pretty reads log lines from a pipe or a file, and standard input is a terminal.\n' +
          'Try: node server.js | telltale pretty, or telltale pretty app.log, or telltale pretty --help.',
      )
    const write = createOutput(terminal.stdout)
    const sink = createSink(options, write)
    try {
      const code = await readFiles(files, sink, terminal)
      if (code === interrupted || options.follow.length === 0) return code
      const note = (text: string) => void terminal.stderr.write(`telltale pretty: ${text}\n`)
      return await followFiles(options, sink, terminal, note)
    } catch (error) {
      // The reader has seen enough: head, or a pager that was left.
      if (error instanceof OutputError && error.code === 'EPIPE') return 0
      throw error
    }
  },
} satisfies Command<'pretty'>

interface Stream {
  chunk(bytes: Buffer): Promise<void>
  end(): Promise<void>
}

/** Makes the way from one stream's bytes to drawn text; column widths are common to all streams. */
function createSink(options: PrettyOptions, write: (text: string) => Promise<void>): () => Stream {
  const draw = createDraw(options)
  const matches = createFilter(options.where)
  const threshold = options.level === undefined ? 0 : levels.indexOf(options.level)
  const isWanted = (row: Row) => {
    if (row.kind === 'text') return options.where.length === 0
    // A level nobody knows can't be judged: it is shown.
    const level = (levels as readonly unknown[]).indexOf(row.entry.level)
    return (level === -1 || level >= threshold) && matches(row.entry, row.original)
  }
  return () => {
    const splitter = createLineSplitter()
    const read = createReader()
    const drawLine = (line: Line): string => {
      try {
        return read(line)
          .filter(isWanted)
          .map((row) => `${draw(row)}\n`)
          .join('')
      } catch {
        // Nested deeper than the stack is: nothing of it can be judged.
        return `${draw({ kind: 'text', text: `${line.text.slice(0, maxHopeless)}…` })}\n`
      }
    }
    const put = async (lines: readonly Line[]) => {
      let text = ''
      for (const line of lines) text += drawLine(line)
      if (text !== '') await write(text)
    }
    return {
      chunk: (bytes) => put(splitter.push(bytes)),
      async end() {
        const last = splitter.end()
        if (last !== undefined) await put([last])
      },
    }
  }
}

async function readFiles(
  files: readonly string[],
  sink: () => Stream,
  { stdin, stderr, onInterrupt }: Terminal,
): Promise<number> {
  let code = 0
  let stop: NodeJS.Timeout | undefined
  let isInterrupted = false
  let current: { destroy(): unknown } | undefined
  onInterrupt(() => {
    if (isInterrupted || current !== stdin) current?.destroy()
    else stop = setTimeout(() => stdin.destroy(), lastWordsMs)
    isInterrupted = true
  })
  for (const file of files) {
    if (isInterrupted) break
    const stream = sink()
    const input = file === '-' ? stdin : createReadStream(file)
    current = input
    try {
      for await (const bytes of input) {
        await stream.chunk(bytes as Buffer)
        stop?.refresh()
      }
    } catch (error) {
      if (error instanceof OutputError) throw error
      if (!isInterrupted) {
        stderr.write(`telltale pretty: can't read ${file}: ${said((error as NodeJS.ErrnoException).code)}\n`)
        code = 1
      }
    }
    await stream.end()
  }
  clearTimeout(stop)
  return isInterrupted ? interrupted : code
}

async function followFiles(
  { follow: paths, lines }: PrettyOptions,
  sink: () => Stream,
  { onInterrupt }: Terminal,
  note: (text: string) => void,
): Promise<number> {
  const abort = new AbortController()
  onInterrupt(() => abort.abort())
  const results = await Promise.all(
    paths.map(async (path) => {
      const { chunk, end } = sink()
      try {
        await follow(path, { lines, signal: abort.signal, chunk, end, note })
        return interrupted
      } catch (error) {
        if (error instanceof OutputError) {
          abort.abort()
          if (error.code === 'EPIPE') return 0
        }
        note((error as Error).message)
        return 1
      }
    }),
  )
  return results.find((code) => code === 0) ?? results.find((code) => code === 1) ?? interrupted
}

function said(code: string | undefined): string {
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EISDIR') return 'it is a folder'
  return code === 'EACCES' ? 'permission denied' : (code ?? 'reading failed')
}
