import { setup, type SetupOptions, type Telltale } from '../../src/index.js'

export type Line = Record<string, unknown>

/** A system whose lines are kept here; shut it down at the end of the test. */
export interface Captured extends Telltale {
  /** Every line so far, parsed; an invalid line throws. */
  readonly lines: Line[]
  readonly text: string
  /** The only line of an event; throws when there are none or more. */
  only(event: string): Line
  events(): string[]
  clear(): void
}

export function capture(options: SetupOptions = {}): Captured {
  let text = ''
  const telltale = setup({
    service: 'test',
    version: '1.2.3',
    environment: 'test',
    instance: 'here',
    lifecycle: { signals: false },
    metrics: { process: false },
    ...options,
    log: { level: 'debug', ...options.log, sinks: [{ write: (chunk) => void (text += chunk) }] },
  })
  const lines = (): Line[] => parse(text)
  return {
    service: telltale.service,
    version: telltale.version,
    environment: telltale.environment,
    shutdown: () => telltale.shutdown(),
    get lines() {
      return lines()
    },
    get text() {
      return text
    },
    only(event: string) {
      const found = lines().filter((line) => line['event'] === event)
      if (found.length !== 1) throw new Error(`${found.length} lines of ${event}, wanted one:\n${text}`)
      return found[0]!
    },
    events: () => lines().map((line) => String(line['event'])),
    clear: () => void (text = ''),
  }
}

function parse(text: string): Line[] {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Error(`the last line is not ended: ${text.slice(-200)}`)
  return lines.map((line) => JSON.parse(line) as Line)
}
