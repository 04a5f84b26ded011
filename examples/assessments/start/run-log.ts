import { createWriteStream, mkdtempSync, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The files that a run with --json keeps its logs in. */
export interface RunLog {
  folder: string
  write(process: 'service' | 'gateway', line: string): Promise<void>
  close(): Promise<void>
}

/** Makes a folder of its own under the system's one for temporary files. */
export function createRunLog(): RunLog {
  const folder = mkdtempSync(join(tmpdir(), 'assessments-'))
  const open = (name: string): WriteStream => createWriteStream(join(folder, `${name}.ndjson`))
  const files = { service: open('service'), gateway: open('gateway') }
  return {
    folder,
    async write(process, line) {
      if (!files[process].write(`${line}\n`)) await once(files[process], 'drain')
    },
    async close() {
      await Promise.all(Object.values(files).map((file) => once(file.end(), 'finish')))
    },
  }
}
