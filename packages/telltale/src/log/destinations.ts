import { isatty } from 'node:tty'
import { isMainThread } from 'node:worker_threads'
import { createConsoleRenderer } from './console.js'
import { debug, levelNumber } from './levels.js'
import { createLogfmtRenderer } from './logfmt.js'
import { defaultKeys, type KeyNames, type Render, type Route } from './pipeline.js'
import { fileSink, tryToOpen } from './sinks/file.js'
import type { Format, SinkOption } from './sinks/options.js'
import type { Sink } from './sinks/sink.js'
import { standardSink } from './sinks/standard.js'
import { slot } from '../state/state.js'
import { HandOver } from './threads/hand-over.js'
import { inherited } from './threads/shared.js'

/** The destinations that options ask for. Throws a TypeError where a file can't be opened. */
export function routesOf(
  options: readonly SinkOption[] | undefined,
  format: Format,
  keys: KeyNames,
): Route[] {
  if (options === undefined) {
    const writer = writingThread()
    if (writer !== undefined) return [{ sink: writer, level: debug, render: undefined }]
  }
  // All of them before any is kept open: one that can't be opened is refused with the rest.
  for (const option of options ?? []) if ('file' in option) tryFile(option.file, tryToOpen)
  return (options ?? [{ stream: 'stdout' }]).map((option) => ({
    sink: sinkOf(option),
    level: option.level === undefined ? debug : levelNumber(option.level)!,
    render: renderOf(option, option.format ?? format, keys),
  }))
}

const handOver = slot('log.handOver', () => ({ sink: undefined as Sink | undefined }))

function writingThread(): Sink | undefined {
  const from = isMainThread ? undefined : inherited()
  if (from === undefined) return undefined
  return (handOver.sink ??= new HandOver(from.cells, () => standardSink('stdout')))
}

function sinkOf(option: SinkOption): Sink {
  if ('write' in option) return option
  if ('stream' in option) return standardSink(option.stream)
  return tryFile(option.file, fileSink)
}

function tryFile<T>(path: string, open: (path: string) => T): T {
  try {
    return open(path)
  } catch (problem) {
    throw new TypeError(
      `setup(): log.sinks: the file ${JSON.stringify(path)} can't be opened: ${(problem as Error).message}.`,
      { cause: problem },
    )
  }
}

// One for all: it keeps nothing from line to line.
const logfmt = createLogfmtRenderer()
const logfmtLine: Render = (line) => `${logfmt(line)}\n`

function renderOf(option: SinkOption, format: Format, keys: KeyNames): Render | undefined {
  if (format === 'json') return undefined
  if (format === 'logfmt') return logfmtLine
  const draw = createConsoleRenderer({ color: colourOf(option) })
  const restore = ownNames(keys)
  return restore === undefined ? (line) => `${draw(line)}\n` : (line) => `${draw(restore(line))}\n`
}

function colourOf(option: SinkOption): boolean | 'auto' {
  if ('file' in option) return false
  if ('stream' in option && option.stream === 'stderr')
    return isatty(2) && process.env['NO_COLOR'] === undefined
  return 'auto'
}

/** The console reads a line under its own names, whatever `log.keys` made of them. */
function ownNames(keys: KeyNames): ((line: string) => string) | undefined {
  const names = Object.entries(keys).filter(([own, renamed]) => own !== renamed)
  if (names.length === 0 || keys === defaultKeys) return undefined
  const own = new Map(names.map(([name, renamed]) => [renamed, name]))
  return (line) => {
    const entries = Object.entries(JSON.parse(line) as object)
    return JSON.stringify(
      Object.fromEntries(entries.map(([key, value]) => [own.get(key) ?? key, value as unknown])),
    )
  }
}
