// Starts the writer, does not read for as long as it is told, then reads all there is: what arrived, by level.
import { spawn } from 'node:child_process'
import { closeSync, createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endWithParent } from '../../harness/leash.mjs'
import { openPipe } from './destinations.mjs'
import { name } from './event.mjs'

endWithParent()
const [, , kind, total, lastsMs, stallMs] = process.argv
const folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'))

// A pipe as between the commands of a shell, or what child_process gives, which is a socket pair.
const pipe = kind === 'fifo' ? openPipe(join(folder, 'pipe')) : undefined
// Its name is of no more use, and this process may be ended at any time.
rmSync(folder, { recursive: true })
const writer = spawn(
  process.execPath,
  [fileURLToPath(new URL('stall-writer.mjs', import.meta.url)), total, lastsMs],
  { stdio: ['ignore', pipe?.writer ?? 'pipe', 'inherit', 'ipc'] },
)
process.on('exit', () => writer.kill('SIGKILL'))
if (pipe !== undefined) closeSync(pipe.writer)
const messages = []
let heard
writer.on('message', (message) => {
  messages.push(message)
  heard?.()
})
async function message() {
  while (messages.length === 0) await new Promise((resolve) => (heard = resolve))
  return messages.shift()
}

await message()
await pause(Number(stallMs))

const arrived = { info: 0, warning: 0, error: 0 }
let summed = 0
let broken = 0
let lastChunk = performance.now()
let rest = ''
function take(line) {
  let entry
  try {
    entry = JSON.parse(line)
  } catch {
    broken++
    return
  }
  if (entry.event === name) arrived[entry.level]++
  else if (entry.event === 'log_lines_dropped') summed += entry.count
}
const stream =
  pipe === undefined ? writer.stdout : createReadStream('', { fd: pipe.reader, highWaterMark: 65_536 })
stream.setEncoding('utf8')
stream.on('data', (text) => {
  lastChunk = performance.now()
  const lines = (rest + text).split('\n')
  rest = lines.pop()
  for (const line of lines) take(line)
})
const ended = new Promise((resolve) => stream.on('end', resolve))

// The writer is asked once nothing has come for a second after its end: what it held is out, and so is its summary.
const written = pause(Math.max(0, Number(lastsMs) - Number(stallMs)) + 1500)
await written
while (performance.now() - lastChunk < 1000) await pause(100)
writer.send('report')
const report = await message()
await ended
process.send({ ...report, arrived, summed, broken: broken + (rest === '' ? 0 : 1) })
