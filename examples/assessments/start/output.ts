import type { Flags } from './flags.js'
import type { Observation } from './observation.js'
import { createRunLog } from './run-log.js'
import type { Screen } from './screen.js'

/** Where the lines of the children go: to the observation always; besides the service's to the terminal, or all to files. */
export interface Output {
  service(line: string): Promise<void>
  gateway(line: string): Promise<void>
  /** For one process's stderr, under its name. */
  stderr(name: string): (line: string) => Promise<void>
  /** Shows the lines held so far, and from now on each as it comes. */
  release(): Promise<void>
  close(): Promise<void>
}

const MOST_HELD = 500

/** Holds lines back at first: while things start, the terminal shows what is starting. */
export function createOutput({ json }: Flags, screen: Screen, observation: Observation): Output {
  const files = json ? createRunLog() : undefined
  let held: string[] | undefined = []
  const show = async (line: string): Promise<void> => {
    if (!held) await screen.log(line)
    else if (held.length < MOST_HELD) held.push(line)
  }
  return {
    async service(line) {
      observation.serviceLine(line)
      await (files ? files.write('service', line) : show(line))
    },
    async gateway(line) {
      observation.gatewayLine(line)
      await files?.write('gateway', line)
    },
    stderr: (name) => async (line) => {
      observation.otherText(line, `the ${name}’s stderr`)
      await show(line)
    },
    async release() {
      const lines = held ?? []
      held = undefined
      for (const line of lines) await screen.log(line)
    },
    async close() {
      await files?.close()
      if (files) await screen.say(`  logs in ${files.folder}`)
    },
  }
}
