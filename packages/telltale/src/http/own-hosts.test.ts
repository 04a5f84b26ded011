import { expect, test } from 'vitest'
import { isOwnHost } from './own-hosts.js'

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['[::1]', true],
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['192.168.1.1', true],
  ['[fd00::7]', true],
  ['payments', true],
  ['PAYMENTS', true],
  ['payments.shop.svc', true],
  ['payments.shop.svc.cluster.local', true],
  ['printer.local', true],
  ['db.internal', true],
  ['db.internal.', true],
  ['app.localhost', true],
  ['api.partner.example', true],
  ['eu.api.partner.example', true],
  ['API.Partner.Example.', true],
  ['203.0.113.5', true],

  ['', false],
  ['example.com', false],
  ['partner.example', false],
  ['xapi.partner.example', false],
  ['api.partner.example.evil.example', false],
  ['internal.example', false],
  ['svc.example', false],
  ['local.', true],
  ['8.8.8.8', false],
  ['172.32.0.1', false],
  ['2001:db8::1', false],
  ['[2001:db8::1]', false],
  ['127.0.0.1.example.com', false],
  ['10.0.0.1.nip.io', false],
])('%s is an own host: %s', (host, expected) => {
  expect(isOwnHost(host, ['api.partner.example', '203.0.113.5'])).toBe(expected)
})
