import { describe, expect, it } from 'vitest'
import { createPolicy } from '../redact/policy.js'
import { inherit } from './inherit.js'

const redacted = (from: object | undefined, own: object) =>
  createPolicy(inherit({ redact: from }, { redact: own }).redact)

describe('inherit()', () => {
  it('takes own options as they are where nothing is inherited', () => {
    const own = { service: 'own' }
    expect(inherit(undefined, own)).toBe(own)
  })

  it('lets own identity and errors win, unless they are undefined', () => {
    const from = { service: 'ours', version: '1', errors: { fields: ['a'] } }
    expect(
      inherit(from, { service: 'own', version: undefined as never, errors: { fields: ['b'] } }),
    ).toMatchObject({
      service: 'own',
      version: '1',
      errors: { fields: ['b'] },
    })
    expect(inherit(from, {}).errors).toEqual({ fields: ['a'] })
  })

  it('redacts what either names', () => {
    const policy = redacted(
      { keys: ['iban'], patterns: [/first-\d+/], pii: true },
      { keys: ['badge'], patterns: [/second-\d+/], pii: false },
    )
    expect(['iban', 'user_iban', 'badge', 'password', 'city'].map((key) => policy.key(key, 'x'))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ])
    expect(policy.text('first-1 second-2 a@example.com third-3')).not.toMatch(/first|second|example/)
    expect(redacted({ keys: ['iban'] }, { pii: true }).text('a@example.com')).not.toContain('example')
    expect(inherit({ redact: { keys: ['iban'] } }, { redact: undefined as never }).redact?.keys).toEqual([
      'iban',
    ])
  })

  it('lets pass what the other allows, and nothing that the other redacts', () => {
    const policy = redacted(
      { keys: ['iban'], allow: ['password_hint', 'iban_country'] },
      { allow: ['iban', 'user_iban', 'userIban', 'session_token', 'password_hint'] },
    )
    const passes = ['password_hint', 'iban_country', 'iban', 'user_iban', 'session_token'].filter(
      (key) => !policy.key(key, 'x'),
    )
    expect(passes).toEqual(['password_hint', 'iban_country'])
  })

  it('has one set of key names for one stream', () => {
    const from = { log: { keys: { level: 'severity' }, level: 'debug', limits: { depth: 3, items: 5 } } }
    const own = { keys: { level: 'lvl' }, limits: { depth: 4 }, maxBlockMs: 5 }
    expect(inherit(from, { log: own }).log).toEqual({
      keys: { level: 'severity' },
      level: 'debug',
      limits: { depth: 4, items: 5 },
      maxBlockMs: 5,
    })
    expect(inherit({}, { log: own }).log).not.toHaveProperty('keys')
    expect(inherit(from, { log: { ...own, sinks: [] } }).log?.keys).toEqual({ level: 'lvl' })
  })
})
