import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { endWithParent } from '../../harness/leash.mjs'

export const secretToken = 'tok_bench_5f0c2a77d91b'

/**
 * What a request would have put into the context. The uuid is the request's id; it stands under a name that is free,
 * since in Telltale `request_id` comes from the request itself.
 */
export const context = {
  tenant_id: '0b9f5c1e-6d1f-4c9e-9a51-0e6c7f2b8d34',
  method: 'POST',
  path: '/assessments/a_204/answers',
}

export const name = 'answer_saved'
export const ids = Array.from({ length: 1024 }, (_, index) => [`u_${index}`, `a_${index}`])

/** The fields of one event: a fresh object each time, as a call in a service has. */
export function fieldsOf(index) {
  const [user_id, assessment_id] = ids[index & 1023]
  return { user_id, assessment_id, nested: { a: { token: secretToken }, b: [1, 2, 3] } }
}

// Set by the harness: what to do, for how long, and the file for those that open one themselves.
const [, , mode = 'verify', , , file] = process.argv
const [warmMs, spanMs] = process.argv.slice(3, 5).map(Number)
/** The file to write to, for loggers with a file transport of their own; else they write to standard output. */
export const destination = file || undefined

// Ends that come in the turn of the last event.
const ends = {
  exit: () => process.exit(),
  sigterm: () => process.kill(process.pid, 'SIGTERM'),
  throw() {
    throw new Error('thrown for the benchmark')
  },
}

// As a few requests would in one turn. A writer that never gets a turn only gathers lines, and its writing would be
// missing from what it costs.
const eventsInTurn = 10

/** Before an end: what is opened at the first line is open. */
export const warmUpEvents = 10

/**
 * Runs one case. `log(event, fields)` is what is measured. With `verify` it writes 1,000 events; with `exit`, `sigterm` or
 * `throw` as many in one turn, and ends so; with `measure` it warms up, then writes events for about `spanMs` of CPU time
 * and reports it for each (all threads), the last line's way out included: `close` resolves when the logger has handed on
 * every line. `calm`, if there is one, is awaited after each turn, for streams that ask to be waited for: a service's load
 * is below what its logger can take. The process stays until it is ended.
 */
export async function runCase(log, { close = stdoutWritten, calm, fields = fieldsOf } = {}) {
  endWithParent()
  let events = 0
  const batch = () => {
    for (let i = 0; i < eventsInTurn; i++) log(name, fields(events++))
  }
  const write = async (count) => {
    for (const end = events + count; events < end;) {
      batch()
      await turn()
      await calm?.()
    }
  }
  if (mode === 'verify') {
    await write(1000)
    await close()
    process.send({ events })
    return
  }
  if (mode in ends) {
    await write(warmUpEvents)
    await pause(30)
    for (let i = 0; i < 1000; i++) log(name, fields(events++))
    ends[mode]()
    // A signal is taken in a later turn.
    return
  }
  // By CPU time: on a busy machine a span of wall time is not enough to get warm. A logger that waits for the disk
  // takes far less of it, and is not waited for as long. The rate is that of the second half, compiled by then.
  const warm = async (ms) => {
    const [past, start, patience] = [events, cpuMs(), performance.now() + 4 * ms]
    while (cpuMs() < start + ms && performance.now() < patience) await write(100)
    return (events - past) / (cpuMs() - start)
  }
  await warm(warmMs / 2)
  const rate = await warm(warmMs / 2)
  // What is under way after the warm-up is not a part of the span.
  await pause(30)
  const past = events
  const start = cpuMs()
  await write(Math.ceil((rate * spanMs) / eventsInTurn) * eventsInTurn)
  await close()
  process.send({ events, cpuMicros: ((cpuMs() - start) * 1000) / (events - past) })
}

const atStart = process.cpuUsage()
/** CPU time, user and system, of all threads of this process since this file was read. */
export function cpuMs() {
  const { user, system } = process.cpuUsage(atStart)
  return (user + system) / 1000
}

/** What was written by way of `process.stdout` is out: on a pipe it writes asynchronously where the pipe is full. */
export function stdoutWritten() {
  return new Promise((resolve) => process.stdout.write('', resolve))
}
