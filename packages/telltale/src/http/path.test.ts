import { describe, expect, it } from 'vitest'
import { maskByRoute, pathOf } from './path.js'

describe('maskByRoute', () => {
  it.each([
    ['/things/a', '/things/:id', '/things/a'],
    ['/reset/s3cret', '/reset/:token', '/reset/[REDACTED]'],
    ['/reset/s3cret/', '/reset/:token', '/reset/[REDACTED]'],
    ['/Reset/s3cret', '/reset/:token', '/Reset/[REDACTED]'],
    ['/re%73et/s3cret', '/reset/:token', '/re%73et/[REDACTED]'],
    ['/users/u_1/reset/s3cret', '/users/:id/reset/:token', '/users/u_1/reset/[REDACTED]'],
    // Where path and template don't run in step the template stands for both.
    ['/files/a/s3cret/b', '/files/*token', '/files/*token'],
    ['/reset//s3cret', '/reset/:token', '/reset/:token'],
    ['/reset/s3cret', '/reset{/:token}', '/reset{/:token}'],
    ['/v1/s3cret', '/v1/*', '/v1/s3cret'],
  ])('%s by %s', (path, route, masked) => {
    expect(maskByRoute(path, route)).toBe(masked)
  })
})

describe('pathOf', () => {
  it.each([
    ['/a?token=b', '/a'],
    ['http://host/a?b#c', '/a'],
    ['http://host', '/'],
    ['/a#b', '/a'],
    ['*', '*'],
    ['', '/'],
    [undefined, '/'],
    ['//a', '//a'],
  ])('%s', (target, path) => {
    expect(pathOf(target)).toBe(path)
  })
})
