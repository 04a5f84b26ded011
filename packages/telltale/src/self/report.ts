import { writeSync } from 'node:fs'
import { policy } from '../redact/policy.js'
import { slot } from '../state/state.js'
import { type Descriptor, openDescriptor } from './descriptor.js'

const said = slot('said', () => new Set<string>())
const stderr = slot('stderr', () => ({ to: undefined as Descriptor | undefined }))
const maxTexts = 200

/**
 * Telltale's own troubles, once each on stderr: the log itself may be what is broken. `id` decides what "once" means
 * and comes from code. Never throws.
 */
export function reportOnce(id: string, text: string): void {
  if (said.has(id) || said.size >= maxTexts) return
  said.add(id)
  try {
    // A full pipe must not hold the process up: then it is not said.
    const { fd } = (stderr.to ??= openDescriptor(2))
    writeSync(fd, `telltale: ${oneLine(policy.current.text(text))}\n`)
  } catch {
    // stderr is closed or full: there is nowhere left to say it.
  }
}

function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .slice(0, 1000)
}
