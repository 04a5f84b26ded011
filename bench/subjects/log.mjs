import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/children.mjs'
import { between } from '../harness/measured.mjs'
import { budget, order, roundsUntil } from '../harness/rounds.mjs'
import { compare } from '../harness/verdict.mjs'
import { median } from '../harness/stats.mjs'
import { writtenLines } from '../harness/written-lines.mjs'
import { secretToken } from './log/event.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))

// What each has: context is the three ids and fields of a request on every line, redaction is of the nested token.
const cases = {
  telltale: { context: true, redacts: true },
  'pino-plain': { context: false, redacts: false },
  'pino-child': { context: true, redacts: false },
  'pino-mixin': { context: true, redacts: true },
  'pino-tuned': { context: true, redacts: true },
}
const variants = Object.keys(cases)

export async function run({ quick, say }) {
  const time = budget(quick ? 42_000 : 240_000)
  say('checking that every logger writes what it should')
  for (const variant of variants) await verify(variant)

  const groups = await roundsUntil(time.share(1), async (round) => {
    say(`round ${round + 1}, ${Math.round(time.left() / 1000)} s left`)
    const measured = {}
    for (const variant of order(variants, round)) measured[variant] = await measure(variant)
    return measured
  }).then((rounds) => rounds.map((round) => [round]))

  const only = (field) =>
    groups.map((rounds) =>
      rounds.map((round) => Object.fromEntries(variants.map((variant) => [variant, round[variant][field]]))),
    )
  const cpu = { unit: 'µs CPU', groups: only('cpuMicros'), better: 'less' }
  return {
    rows: [
      compare({ name: 'an event, against the usual mixin and redaction', ...cpu, against: 'pino-mixin' }),
      compare({ name: 'an event, against a tuned mixin and redaction', ...cpu, against: 'pino-tuned' }),
      compare({ name: 'an event, against a child without redaction', ...cpu, against: 'pino-child' }),
      compare({ name: 'an event, against plain pino', ...cpu, against: 'pino-plain' }),
    ],
    notes: [
      'pino-plain has no context and no redaction, pino-child no redaction, and pino redacts what its paths name.',
    ],
  }
}

/** A fresh process: warmed up, then the median of five windows. */
async function measure(variant) {
  const child = startChild(here(`log/${variant}.mjs`), ['measure'])
  await child.next()
  const windows = []
  let start = await child.ask('mark')
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const end = await child.ask('mark')
    windows.push(between(start, end))
    start = end
  }
  await child.stop()
  return { cpuMicros: median(windows.map((window) => window.cpuMicros)) }
}

/** Nobody is measured broken: 1,000 events are 1,000 valid lines, with the context and without the secret. */
async function verify(variant) {
  const { context, redacts } = cases[variant]
  const folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
  try {
    const file = join(folder, 'lines')
    const fd = openSync(file, 'w')
    const child = startChild(here(`log/${variant}.mjs`), ['verify'], { stdout: fd })
    closeSync(fd)
    await child.next()
    const lines = await writtenLines(file, 1000, (line) => (line.event ?? line.msg) === 'answer_saved')
    await child.stop()
    assert.equal(lines.length, 1000, `${variant} writes ${lines.length} lines for 1,000 events.`)
    const lost = lines.find((line) => line.tenant_id === undefined || line.path === undefined)
    assert(!context || lost === undefined, `${variant} loses the context.`)
    assert(!redacts || !readFileSync(file, 'utf8').includes(secretToken), `${variant} writes the secret.`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
