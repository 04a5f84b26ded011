import * as crypto from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { beforeEach, expect, it, vi } from 'vitest'
import { refusal } from './guard.js'

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>()
  return {
    ...real,
    timingSafeEqual: vi.fn<typeof crypto.timingSafeEqual>((a, b) => real.timingSafeEqual(a, b)),
  }
})
const compared = vi.mocked(crypto.timingSafeEqual)
beforeEach(() => void compared.mockClear())

const token = 'S3cretAdm1nToken'

it.each([undefined, '', 'Basic x', 'Bearer x', `Bearer ${token}`, `Bearer ${'x'.repeat(5000)}`])(
  'a token is compared in constant time, whatever is given: %#',
  (authorization) => {
    const headers = { host: 'localhost', ...(authorization !== undefined && { authorization }) }
    const req = { url: '/log/level', headers, rawHeaders: ['Host', 'localhost'] } as IncomingMessage
    const refused = refusal(req, { address: { host: '127.0.0.1', port: 1 }, token }, 'control')
    expect(refused?.status).toBe(authorization === `Bearer ${token}` ? undefined : 401)
    expect(compared).toHaveBeenCalledOnce()
    const [given, wanted] = compared.mock.calls[0]! as [Buffer, Buffer]
    expect(given).toHaveLength(wanted.length)
  },
)
