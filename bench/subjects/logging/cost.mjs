import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { startReporting } from '../../harness/reporting.mjs'
import { writtenLines } from '../../harness/written-lines.mjs'
import { cases, python } from './cases.mjs'
import { destinations } from './destinations.mjs'
import { name, secretToken, warmUpEvents } from './event.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))

function start(variant, args, options) {
  return cases[variant].python
    ? startReporting(python, [here(`${variant}_case.py`), ...args], options)
    : startChild(here(`${variant}.mjs`), args, options)
}

/**
 * A fresh process on a destination: µs CPU for each event. Throws if other than as many lines arrived as events were logged: who
 * loses lines is not measured as if it wrote them. `way` is a way of Telltale's program.
 */
export async function cost(variant, destination, { warmMs, spanMs }, way) {
  let result
  await destinations[destination](async ({ fd, file, lines, started }) => {
    const path = cases[variant].transport && file !== undefined ? file : ''
    const child = start(variant, ['measure', String(warmMs), String(spanMs), path, ...(way ? [way] : [])], {
      stdout: fd,
    })
    started()
    result = await child.next(60_000)
    await child.stop()
    const arrived = await lines()
    const whole = arrived === undefined || arrived === result.events
    assert(whole, `${variant} on a ${destination}: ${arrived} lines for ${result.events} events.`)
  })
  assert(Number.isFinite(result.cpuMicros), `${variant} on a ${destination}: nothing was measured.`)
  return result.cpuMicros
}

/** How many of 1,000 lines, logged in one turn, arrive when the process ends in it: `exit`, `sigterm` or `throw`. */
export async function survivors(variant, destination, end) {
  let arrived
  await destinations[destination](async ({ fd, file, lines, started }) => {
    const path = cases[variant].transport && file !== undefined ? file : ''
    const child = start(variant, [end, '0', '0', path], { stdout: fd })
    started()
    // Whatever it says of its end: it was told to.
    await child.next(20_000).catch(() => {})
    arrived = Math.max(0, (await lines()) - warmUpEvents)
  })
  return arrived
}

/** Nobody is measured broken: 1,000 events are 1,000 valid lines, with the context and without the secret. */
export async function verify(variant, { transport = false, way, judge = () => true, fields = true } = {}) {
  const { context, redacts } = cases[variant]
  const folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
  try {
    const file = join(folder, 'lines')
    const fd = openSync(file, 'w')
    const child = start(variant, ['verify', '0', '0', transport ? file : '', ...(way ? [way] : [])], {
      stdout: fd,
    })
    closeSync(fd)
    await child.next()
    const mine = (line) => [line.event, line.msg, line.message].includes(name)
    const title = way === undefined ? variant : `${variant} (${way})`
    if (way === 'logfmt') {
      await child.stop()
      const lines = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.includes(`event=${name}`))
      assert.equal(lines.length, 1000, `${title} writes ${lines.length} lines for 1,000 events.`)
      assert(!lines.join('').includes(secretToken), `${title} writes the secret.`)
      return
    }
    const lines = await writtenLines(file, 1000, mine)
    await child.stop()
    assert.equal(lines.length, 1000, `${title} writes ${lines.length} lines for 1,000 events.`)
    const lost = lines.find(
      (line) =>
        (line.tenant_id ?? line.request_id) === undefined ||
        line.path === undefined ||
        line.method === undefined,
    )
    assert(!context || lost === undefined, `${title} loses the context: ${JSON.stringify(lost)}`)
    if (fields) {
      const bare = lines.find((line) => line.user_id === undefined || line.nested?.b?.[2] !== 3)
      assert(bare === undefined, `${title} loses fields: ${JSON.stringify(bare)}`)
    }
    const text = readFileSync(file, 'utf8')
    assert.equal(
      text.includes(secretToken),
      !redacts,
      `${title} ${redacts ? 'writes' : 'redacts'} the secret.`,
    )
    const wrong = lines.find((line) => !judge(line))
    assert(wrong === undefined, `${title} does not do what it is measured for: ${JSON.stringify(wrong)}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
