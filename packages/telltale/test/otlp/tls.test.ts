import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { flushOtlp } from '../../src/otlp/index.js'
import type { OtlpOptions } from '../../src/index.js'
import type { Capture } from '../support/capture.js'
import { selfSigned } from '../support/certificate.js'
import { droppedOf, sending, span, take } from './running.js'

const [collector, client] = [selfSigned('collector'), selfSigned('client')]
const folder = mkdtempSync(join(tmpdir(), 'otlp-tls-'))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

let server: Server
let app: Capture | undefined
let callers: unknown[]

beforeEach(async () => {
  callers = []
  server = createServer(
    { ...collector, ca: client.cert, requestCert: true, rejectUnauthorized: false },
    (req, res) => {
      const socket = req.socket as TLSSocket
      callers.push(socket.authorized ? socket.getPeerCertificate().subject.CN : undefined)
      req.resume().on('end', () => res.end())
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await app?.telltale.shutdown()
  app = undefined
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function send(otlp: OtlpOptions): Promise<number> {
  const before = droppedOf('span', 'export_failed')
  const { port } = server.address() as AddressInfo
  app = sending(`https://127.0.0.1:${port}`, { logs: false, ...otlp })
  take(span())
  await flushOtlp()
  return droppedOf('span', 'export_failed') - before
}

describe('over TLS', () => {
  it('nothing is sent to whom nobody vouches for', async () => {
    expect(await send({ exportTimeoutMs: 400 })).toBe(1)
    expect(callers).toEqual([])
  })

  it('goes to whom the given authority vouches for', async () => {
    expect(await send({ tls: { ca: collector.cert } })).toBe(0)
    expect(callers).toEqual([undefined])
  })

  it('shows its own certificate', async () => {
    expect(await send({ tls: { ca: collector.cert, ...client } })).toBe(0)
    expect(callers).toEqual(['client'])
  })

  it("takes both from the environment's files", async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_CERTIFICATE', file('ca.pem', collector.cert))
    vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE', file('client.pem', client.cert))
    vi.stubEnv('OTEL_EXPORTER_OTLP_CLIENT_KEY', file('client.key', client.key))
    expect(await send({})).toBe(0)
    expect(callers).toEqual(['client'])
  })

  it('does without a file that is not there', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_CERTIFICATE', join(folder, 'missing.pem'))
    expect(await send({ exportTimeoutMs: 400 })).toBe(1)
    await app!.telltale.shutdown()
    expect(await send({ tls: { ca: collector.cert } })).toBe(0)
  })

  it('a key that is none breaks nothing but the sending', async () => {
    expect(
      await send({
        tls: { ca: collector.cert, key: 'no key', cert: 'no certificate' },
        exportTimeoutMs: 400,
      }),
    ).toBe(1)
  })
})
