import { createServer, get } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { observeOutbound } from '../../src/adapters/outbound.js'
import type { SetupOptions } from '../../src/index.js'
import { listening } from '../support/apps/listening.js'
import { Capture } from '../support/capture.js'
import { RawConnection } from '../support/client.js'
import { type Peer, peerThat } from '../outbound/calling.js'

const trace = '12345678901234567890123456789012'
const parent = '1234567890123456'
const traceparent = `traceparent: 00-${trace}-${parent}-01`

let peer: Peer
let server: { port: number; close(): Promise<void> }
let log: Capture

// What a service of ours sends on to one of its own, by what it was sent: header lines, as they are on the wire.
async function start(options?: SetupOptions): Promise<void> {
  log = new Capture(options)
  server = await listening(
    createServer(
      observeHttp((_req, res) => {
        get({ port: peer.port }, (answer) => answer.resume().on('end', () => res.end()))
      }),
    ),
  )
}

async function stop(): Promise<void> {
  await server.close()
  await log.telltale.shutdown()
}

beforeEach(async () => {
  observeOutbound()
  peer = await peerThat()
  await start()
})
afterEach(async () => {
  await stop()
  await peer.close()
})

interface SentOn {
  readonly version: string
  readonly traceId: string
  readonly parentId: string
  readonly flags: string
  readonly tracestate: string | undefined
  readonly baggage: string | undefined
}

async function sentOn(...lines: string[]): Promise<SentOn> {
  peer.heard.length = 0
  const ends = log.ends.length
  const client = new RawConnection(server.port)
  client.send(['GET /call HTTP/1.1', 'Host: a', 'Connection: close', ...lines, '', ''].join('\r\n'))
  await client.closed
  expect(client.text).toMatch(/^HTTP\/1.1 200 /)
  await log.ended(ends + 1)
  const [{ headers, rawHeaders }] = peer.heard as [(typeof peer.heard)[0]]
  const names = rawHeaders.filter((_each, index) => index % 2 === 0)
  for (const name of ['traceparent', 'tracestate', 'baggage'])
    expect(names.filter((each) => each.toLowerCase() === name).length).toBeLessThanOrEqual(1)
  expect(headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
  const [version, traceId, parentId, flags] = (headers['traceparent'] as string).split('-') as [
    string,
    string,
    string,
    string,
  ]
  expect(log.ends.at(-1)).toMatchObject({ trace_id: traceId })
  const { tracestate, baggage } = headers as Record<string, string | undefined>
  return { version, traceId, parentId, flags, tracestate, baggage }
}

/** Nothing of what came, whole or in part. */
const invented = /^(?!0{32})(?!.*234567890123456789012345)[0-9a-f]{32}$/

describe('traceparent', () => {
  test('is made where none came, another for each request', async () => {
    const [first, second] = [await sentOn(), await sentOn()]
    expect(first.traceId).toMatch(invented)
    expect(second.traceId).not.toBe(first.traceId)
    expect(first.tracestate).toBeUndefined()
  })

  test.each([
    ['01', '01'],
    ['00', '00'],
    ['ff', '01'],
    ['fe', '00'],
    ['09', '01'],
  ])('with flags %s goes on under a parent of our own with %s', async (flags, sent) => {
    const on = await sentOn(`traceparent: 00-${trace}-${parent}-${flags}`)
    expect(on).toMatchObject({ version: '00', traceId: trace, flags: sent })
    expect(on.parentId).not.toBe(parent)
    expect(on.parentId).not.toBe('0'.repeat(16))
  })

  test.each(['TraceParent', 'TrAcEpArEnT', 'TRACEPARENT'])('counts as %s too', async (name) => {
    expect((await sentOn(traceparent.replace('traceparent', name))).traceId).toBe(trace)
  })

  test.each([
    ['a blank before', `  00-${trace}-${parent}-01`],
    ['a tab before', `\t00-${trace}-${parent}-01`],
    ['a blank after', `00-${trace}-${parent}-01 `],
    ['a tab after', `00-${trace}-${parent}-01\t`],
    ['both on both sides', `\t 00-${trace}-${parent}-01 \t`],
  ])('counts with %s', async (_what, value) => {
    expect((await sentOn(`traceparent:${value}`)).traceId).toBe(trace)
  })

  test.each([
    ['of a version to come', `cc-${trace}-${parent}-01`],
    ['of a version to come with more fields', `cc-${trace}-${parent}-01-what-the-future-will-be-like`],
    ['of the next version', `01-${trace}-${parent}-01`],
    ['of the last version', `fe-${trace}-${parent}-01-`],
  ])('%s goes on as version 00, with its tracestate', async (_what, value) => {
    expect(await sentOn(`traceparent: ${value}`, 'tracestate: a=1,b=2')).toMatchObject({
      version: '00',
      traceId: trace,
      flags: '01',
      tracestate: 'a=1,b=2',
    })
  })

  test.each([
    ['twice', `00-${trace}-${parent}-01`, `00-${trace.replace('2', '3')}-${parent}-01`],
    ['twice the same', `00-${trace}-${parent}-01`, `00-${trace}-${parent}-01`],
    ['twice, to come', `cc-${trace}-${parent}-01-x`, `cc-${trace}-${parent}-01-x`],
    ['that is none', 'nonsense'],
    ['empty', ''],
    ['of version 00 with a dot behind', `00-${trace}-${parent}-01.`],
    ['of version 00 with a dash behind', `00-${trace}-${parent}-01-`],
    ['of version 00 with more fields', `00-${trace}-${parent}-01-what-the-future-will-be-like`],
    ['of a version to come with no dash behind', `cc-${trace}-${parent}-01.what`],
    ['of a version to come that is cut', `cc-${trace}-${parent}-0`],
    ['of version ff', `ff-${trace}-${parent}-01`],
    ['of version FF', `FF-${trace}-${parent}-01`],
    ['of version .0', `.0-${trace}-${parent}-01`],
    ['of version 0.', `0.-${trace}-${parent}-01`],
    ['of version 000', `000-${trace}-${parent}-01`],
    ['of version 0000', `0000-${trace}-${parent}-01`],
    ['of version 0', `0-${trace}-${parent}-01`],
    ['without a version', `${trace}-${parent}-01`],
    ['of trace zero', `00-${'0'.repeat(32)}-${parent}-01`],
    ['of a trace with a dot', `00-.${trace.slice(1)}-${parent}-01`],
    ['of a trace that is too long', `00-${trace}3-${parent}-01`],
    ['of a trace that is too short', `00-${trace.slice(1)}-${parent}-01`],
    ['of an upper-case trace', `00-${trace.slice(0, 31)}A-${parent}-01`],
    ['of parent zero', `00-${trace}-${'0'.repeat(16)}-01`],
    ['of a parent with a dot', `00-${trace}-.${parent.slice(1)}-01`],
    ['of a parent that is too long', `00-${trace}-${parent}7-01`],
    ['of a parent that is too short', `00-${trace}-${parent.slice(1)}-01`],
    ['of an upper-case parent', `00-${trace}-${parent.slice(0, 15)}A-01`],
    ['of flags with a dot', `00-${trace}-${parent}-.0`],
    ['of flags that end with a dot', `00-${trace}-${parent}-0.`],
    ['of flags that are too long', `00-${trace}-${parent}-001`],
    ['of flags that are too short', `00-${trace}-${parent}-1`],
    ['of upper-case flags', `00-${trace}-${parent}-0A`],
    ['without flags', `00-${trace}-${parent}`],
    ['of other dashes', `00_${trace}_${parent}_01`],
  ])('%s begins a trace anew, without the tracestate', async (_what, ...values) => {
    const lines = values.map((value) => `traceparent: ${value}`)
    const on = await sentOn(...lines, 'tracestate: a=1')
    expect(on.traceId).toMatch(invented)
    expect(on).toMatchObject({ version: '00', flags: '00', tracestate: undefined })
  })

  test.each(['trace-parent', 'trace.parent'])('is not %s', async (name) => {
    expect((await sentOn(traceparent.replace('traceparent', name))).traceId).toMatch(invented)
  })

  test('of an untrusted caller counts for nothing, nor do tracestate and baggage', async () => {
    await stop()
    await start({ requests: { trust: 'none' } })
    const on = await sentOn(traceparent, 'tracestate: a=1', 'baggage: tenant=t-7')
    expect(on.traceId).toMatch(invented)
    expect(on).toMatchObject({ flags: '00', tracestate: undefined, baggage: undefined })
  })
})

describe('tracestate', () => {
  const members = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, i) => `bar${from + i}=${from + i}`).join(',')
  const of = async (...values: string[]): Promise<string | undefined> => {
    const on = await sentOn(traceparent, ...values.map((value) => `tracestate: ${value}`))
    // What is wrong with it is no business of the trace's.
    expect(on).toMatchObject({ traceId: trace, flags: '01' })
    return on.tracestate
  }

  test('without a traceparent is left out', async () => {
    expect((await sentOn('tracestate: foo=1,bar=2')).tracestate).toBeUndefined()
  })

  test.each(['TraceState', 'TrAcEsTaTe', 'TRACESTATE'])('counts as %s too', async (name) => {
    expect((await sentOn(traceparent, `${name}: foo=1`)).tracestate).toBe('foo=1')
  })

  test.each(['trace-state', 'trace.state'])('is not %s', async (name) => {
    expect((await sentOn(traceparent, `${name}: foo=1`)).tracestate).toBeUndefined()
  })

  const lower = 'abcdefghijklmnopqrstuvwxyz0123456789_-*/'
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)).join('')
  const anyValue = printable.replace(',', '').replace('=', '')

  test.each([
    ['one header', ['foo=1,bar=2'], 'foo=1,bar=2'],
    [
      'several headers, in their order',
      ['foo=1,bar=2', 'rojo=1,congo=2', 'baz=3'],
      'foo=1,bar=2,rojo=1,congo=2,baz=3',
    ],
    ['white space between members', ['foo=1 \t , \t bar=2, \t baz=3'], 'foo=1,bar=2,baz=3'],
    ['white space around it', ['\t foo=1 \t'], 'foo=1'],
    ['an empty header before', ['', 'foo=1'], 'foo=1'],
    ['an empty header behind', ['foo=1', ''], 'foo=1'],
    ['empty members', [',foo=1,, \t,bar=2,'], 'foo=1,bar=2'],
    ['every character of a key', [`${lower}=1`], `${lower}=1`],
    ['every character of a system', [`t${lower}@a-z0-9_-*/=1`], `t${lower}@a-z0-9_-*/=1`],
    ['a tenant that begins with a digit', ['0t@v=1'], '0t@v=1'],
    ['every character of a value', [`a=${anyValue}`], `a=${anyValue}`],
    ['a value that begins with blanks', ['a=  1'], 'a=  1'],
    ['a key of 256 characters', [`foo=1`, `${'z'.repeat(256)}=1`], `foo=1,${'z'.repeat(256)}=1`],
    [
      'a tenant of 241 characters in a system of 14',
      [`${'t'.repeat(241)}@${'v'.repeat(14)}=1`],
      `${'t'.repeat(241)}@${'v'.repeat(14)}=1`,
    ],
    ['a value of 256 characters', [`a=${'x'.repeat(256)}`], `a=${'x'.repeat(256)}`],
    ['32 members', [members(1, 10), members(11, 20), members(21, 32)], members(1, 32)],
  ])('with %s is sent on', async (_what, values, expected) => {
    expect(await of(...values)).toBe(expected)
  })

  test.each([
    ['nothing in it', ['']],
    ['nothing but commas', [', ,', '\t']],
    ['33 members', [members(1, 10), members(11, 20), members(21, 33)]],
    ['a key twice, with one value', ['foo=1,foo=1']],
    ['a key twice, with two', ['foo=1,bar=2,foo=2']],
    ['a key in two headers', ['foo=1', 'foo=2']],
    ['a blank behind a key', ['foo =1']],
    ['a key in upper case', ['FOO=1']],
    ['a dot in a key', ['foo.bar=1']],
    ['a key that begins with a digit', ['1foo=1']],
    ['a key that begins with a dash', ['-foo=1']],
    ['no key', ['=1']],
    ['no value', ['foo=,bar=3']],
    ['no equals sign', ['foo']],
    ['two equals signs', ['foo=bar=baz']],
    ['no system', ['foo@=1,bar=2']],
    ['no tenant', ['@foo=1,bar=2']],
    ['two at signs in a row', ['foo@@bar=1,bar=2']],
    ['two at signs', ['foo@bar@baz=1,bar=2']],
    ['a system that begins with a digit', ['foo@1bar=1']],
    ['a key of 257 characters', ['foo=1', `${'z'.repeat(257)}=1`]],
    ['a tenant of 242 characters', ['foo=1', `${'t'.repeat(242)}@v=1`]],
    ['a system of 15 characters', ['foo=1', `t@${'v'.repeat(15)}=1`]],
    ['a value of 257 characters', [`foo=${'x'.repeat(257)}`]],
    ['a tab in a value', ['foo=a\tb']],
    ['a letter beyond ASCII', ['foo=\u00e9']],
  ])('with %s is left out whole', async (_what, values) => {
    expect(await of(...values)).toBeUndefined()
  })

  test('of more than 512 characters loses its long members first, from the end', async () => {
    const long = (key: string): string => `${key}=${'x'.repeat(127)}`
    const values = [`${long('a')},b=1`, `${long('c')},${long('d')}`, `e=${'x'.repeat(126)},f=1,g=1`]
    // The last of more than 128 goes; what then fits stays, in order.
    expect(await of(...values)).toBe(`${long('a')},b=1,${long('c')},e=${'x'.repeat(126)},f=1,g=1`)
  })

  test('of more than 512 characters and short members loses them from the end', async () => {
    const short = Array.from({ length: 30 }, (_, i) => `key${i + 10}=${'x'.repeat(14)}`)
    const on = await of(short.join(','))
    expect(on).toBe(short.slice(0, 24).join(','))
    expect(on!.length).toBeLessThanOrEqual(512)
  })

  test('of exactly 512 characters is sent on', async () => {
    const whole = `a=${'x'.repeat(253)},b=${'x'.repeat(254)}`
    expect(whole).toHaveLength(512)
    expect(await of(whole)).toBe(whole)
  })
})

describe('baggage', () => {
  test.each([
    [
      'with properties',
      ['key1=value1;property1;p=2, key2 = value2'],
      'key1=value1;property1;p=2,key2 = value2',
    ],
    ['of several headers, in their order', ['a=1', 'b=2,c=3'], 'a=1,b=2,c=3'],
    ['with one key twice', ['a=1,a=2'], 'a=1,a=2'],
    ['without what is malformed', ['a=1,nonsense,b c=2,d="3",e=4'], 'a=1,e=4'],
    ['of 65 members without the last', [many(65)], many(64)],
    ['without what goes past 8,192 bytes', [`a=${'x'.repeat(8185)},b=1`, 'c=2'], `a=${'x'.repeat(8185)},b=1`],
  ])('%s goes on, also where no trace came', async (_what, values, expected) => {
    const lines = values.map((value) => `baggage: ${value}`)
    expect((await sentOn(...lines)).baggage).toBe(expected)
    expect((await sentOn(traceparent, ...lines)).baggage).toBe(expected)
  })

  test('is never written', async () => {
    await stop()
    await start({ log: { level: 'debug' } })
    await sentOn(traceparent, 'baggage: session=hunter2;note=hunter2')
    expect(log.events('request_completed', 'outbound_completed')).toHaveLength(2)
    expect(log.text).not.toContain('hunter2')
    expect(log.text).not.toContain('session')
  })

  function many(count: number): string {
    return Array.from({ length: count }, (_, i) => `k${i}=${i}`).join(',')
  }
})
