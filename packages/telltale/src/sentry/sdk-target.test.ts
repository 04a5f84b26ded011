import { expect, it } from 'vitest'
import { hasOwnTransport, targetOf } from './sdk-target.js'

function target(dsn: object | undefined, options: object = {}): ReturnType<typeof targetOf> {
  return targetOf({ getDsn: () => dsn, getOptions: () => options } as never)
}

const dsn = { protocol: 'https', publicKey: 'abc', host: 'h.example', port: '', path: '', projectId: '42' }

it.each([
  [{}, 'https://h.example/api/42/envelope/'],
  [{ protocol: 'http', port: '9000', path: 'in/side' }, 'http://h.example:9000/in/side/api/42/envelope/'],
])('is where the DSN says: %j', (parts, url) => {
  const { headers, ...to } = target({ ...dsn, ...parts })!
  expect(to).toEqual({ url: new URL(url), ca: undefined })
  expect(headers['x-sentry-auth']).toContain('sentry_key=abc')
})

it('is the tunnel, with the headers and the authorities that the transport was given', () => {
  const transportOptions = { headers: { 'x-relay': 'yes' }, caCerts: 'pem' }
  const to = target(dsn, { tunnel: 'https://own.example/t', transportOptions })!
  expect(to.url.href).toBe('https://own.example/t')
  expect(to).toMatchObject({ headers: { 'x-relay': 'yes' }, ca: 'pem' })
})

it('is nowhere without a DSN, or where the tunnel is a path, which browsers alone take', () => {
  expect(target(undefined)).toBeUndefined()
  expect(target(dsn, { tunnel: '/t' })).toBeUndefined()
})

it("a transport is the SDK's own in whichever of its builds", () => {
  const makeNodeTransport = (): void => undefined
  const isOwn = (transport: unknown): boolean =>
    hasOwnTransport({ makeNodeTransport } as never, { getOptions: () => ({ transport }) } as never)
  const ofOtherBuild = { makeNodeTransport: () => undefined }.makeNodeTransport
  expect([makeNodeTransport, ofOtherBuild, () => undefined].map(isOwn)).toEqual([true, true, false])
})
