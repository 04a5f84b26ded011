// redact(text) and log.info('x', { text }) on 10 MB of near-matches, each beside as much of plain text: ms CPU.
import { setImmediate as turn } from 'node:timers/promises'
import { getLogger, redact, setup } from 'telltale'
import { endWithParent } from '../../harness/leash.mjs'
import { hostile, plain } from './hostile.mjs'

endWithParent()
// Where texts are cut: by default, or as late as may be.
const isLate = process.argv[2] === 'late'
const limits = isLate ? { string: 1_048_576, line: 16_777_216 } : {}
setup({
  service: 'assessments',
  version: '1.4.0',
  redact: { pii: true },
  log: { recorder: false, limits },
})
const log = getLogger('assessments')
const calls = { redact: (text) => redact(text), log: (text) => log.info('text_received', { text }) }

async function milliseconds(call, text, times) {
  const start = process.cpuUsage()
  for (let i = 0; i < times; i++) {
    call(text)
    // The line's way out, which is a turn's end.
    await turn()
  }
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000 / times
}

// A long text is cut, and then one call is too short for the clock.
const sampleMs = 5
const timesFor = (ms) => Math.max(1, Math.min(100, Math.ceil(sampleMs / ms)))

const dull = plain()
const results = []
for (const [family, make] of Object.entries(hostile)) {
  const text = make()
  // With a match in it, it would be shorter for each, and another thing would be measured.
  const begin = text.slice(0, 10_000)
  if (redact(begin) !== begin) throw new Error(`"${family}" is redacted: ${redact(begin).slice(0, 200)}`)
  for (const [act, call] of Object.entries(calls)) {
    const samples = {}
    for (const [kind, each] of Object.entries({ plain: dull, hostile: text })) {
      const once = await milliseconds(call, each, isLate ? 3 : 10)
      samples[kind] = { text: each, times: timesFor(once), ms: Infinity }
    }
    for (let i = 0; i < (isLate ? 2 : 3); i++)
      for (const sample of Object.values(samples))
        sample.ms = Math.min(sample.ms, await milliseconds(call, sample.text, sample.times))
    results.push({ family, act, plain: samples.plain.ms, hostile: samples.hostile.ms })
  }
}
process.send(results)
