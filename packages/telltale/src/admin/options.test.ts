import { describe, expect, it } from 'vitest'
import { checkAdmin } from './options.js'

const token = 'S3cretAdm1nToken'

describe('checkAdmin', () => {
  it.each([
    [{ port: 0 }],
    [{ port: 65_535 }],
    [{ port: 1, host: 'localhost' }],
    [{ port: 1, host: '127.8.9.1' }],
    [{ port: 1, host: '::1' }],
    [{ port: 1, host: '::ffff:127.0.0.1' }],
    [{ port: 1, token }],
    [{ port: 1, host: '0.0.0.0', token }],
    [{ port: 1, host: 'pod-7.internal', token }],
    [{ host: '/run/service.sock' }],
    [{ host: 'unix:service.sock', token }],
    [{ port: undefined, host: '/run/service.sock', token: undefined }],
  ])('accepts %j', (options) => {
    expect(() => checkAdmin(options)).not.toThrow()
  })

  it.each([
    [5, 'setup(): admin must be an object with port, host, token, got number 5.'],
    [[], 'setup(): admin must be an object with port, host, token, got an array.'],
    [null, 'got null.'],
    [{ prot: 1 }, 'setup(): admin.prot is not an option; admin takes port, host, token.'],
    [{}, 'setup(): admin.port must be a whole number from 0 to 65535, got undefined.'],
    [{ port: '9464' }, 'got string "9464".'],
    [{ port: 65_536 }, 'got number 65536.'],
    [{ port: 1.5 }, 'got number 1.5.'],
    [{ port: NaN }, 'got number NaN.'],
    [{ port: 1, host: '' }, 'setup(): admin.host must be an address, a host name without a port, or a path'],
    [{ port: 1, host: 'unix:' }, 'got string "unix:".'],
    [{ port: 1, host: 'localhost:9464' }, 'got string "localhost:9464".'],
    [{ port: 1, host: 'http://localhost' }, 'admin.host must be'],
    [{ host: '/run/a\0b' }, 'admin.host must be'],
    [{ port: 1, host: '/run/a' }, 'setup(): admin.port is given though admin.host is a Unix socket'],
    [{ port: 1, host: '0.0.0.0' }, 'setup(): admin.host "0.0.0.0" can be reached from other machines'],
    [{ port: 1, host: '::' }, 'admin.token is needed'],
    [{ port: 1, host: '10.0.0.5' }, 'admin.token is needed'],
    [{ port: 1, host: '127.evil.example' }, 'admin.token is needed'],
    [{ port: 1, host: 'localhost.evil.example' }, 'admin.token is needed'],
    [{ port: 1, token: '' }, 'setup(): admin.token must be a string of visible ASCII characters'],
    [{ port: 1, token: 5 }, 'got a number that is none.'],
  ])('refuses %j', (options, message) => {
    expect(() => checkAdmin(options)).toThrow(TypeError)
    expect(() => checkAdmin(options)).toThrow(message)
  })

  it('never shows a token', () => {
    for (const bad of [`${token} `, `${token}\n`, `${token}é`]) {
      expect(() => checkAdmin({ port: 1, token: bad })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('S3cret') as string }) as Error,
      )
    }
  })
})
