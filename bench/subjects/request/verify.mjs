import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writtenLines } from '../../harness/written-lines.mjs'
import { body, secretToken } from './requests.mjs'

const events = ['answer_received', 'answer_scored', 'assessment_progressed']
const ids = Array.from({ length: 24 }, (_, index) => `bench-check-${String(index).padStart(3, '0')}`)

/**
 * Holds every server against what all must do, so that nobody is measured broken: the same bodies, the same three
 * events for each request under its own request id, the number of lines that the variant says it writes, and no
 * secret in any of them. Throws where one differs; resolves to a sentence that says what was held.
 */
export async function verify(server, frameworks, variants) {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
  try {
    let expected
    for (const [framework, { linesEach }] of Object.entries(frameworks)) {
      for (const variant of variants) {
        const name = `${framework} ${variant}`
        const file = join(folder, `${framework}-${variant}`)
        const fd = openSync(file, 'w')
        const child = server(framework, variant, fd)
        closeSync(fd)
        const { port } = await child.next()
        const bodies = await Promise.all(
          ids.map((id, index) => post(port, id, index, variant !== 'bare', name)),
        )
        expected ??= bodies
        assert.deepEqual(bodies, expected, `${name} answers something else than the others.`)
        await linesHold(name, file, linesEach[variant])
        await child.stop()
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return 'same bodies, three events a request under its own id, the expected number of lines, no secret in them'
}

async function post(port, id, index, echoes, name) {
  const response = await fetch(`http://127.0.0.1:${port}/assessments/a_${index}/answers`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-request-id': id,
      authorization: `Bearer ${secretToken}`,
    },
    body: body(index),
  })
  assert.equal(response.status, 200, `${name} answers ${response.status}.`)
  if (echoes) assert.equal(response.headers.get('x-request-id'), id, `${name} does not echo the request id.`)
  return response.json()
}

async function linesHold(name, file, linesEach) {
  const lines = await writtenLines(file, ids.length * linesEach, (line) => idOf(line) !== undefined)
  for (const id of ids) {
    const own = lines.filter((line) => idOf(line) === id)
    assert.equal(own.length, linesEach, `${name} writes ${own.length} lines for a request, not ${linesEach}.`)
    const said = own
      .filter((line) => line.request_id === id)
      .map((line) => line.event ?? line.msg)
      .filter((event) => events.includes(event))
    assert.deepEqual(
      said,
      linesEach === 0 ? [] : events,
      `${name}: the events of one request are ${said.join(' ')}.`,
    )
  }
  assert(!readFileSync(file, 'utf8').includes(secretToken), `${name} writes a secret into its log.`)
}

/** Our name for it, and Fastify's and pino-http's on the lines that they write outside the glue's context. */
const idOf = (line) => line.request_id ?? line.reqId ?? line.req?.id
