#!/usr/bin/env node
import log, { child as sub } from 'pino'
import * as all from 'winston'
import {} from 'bunyan'
import 'dotenv/config'
import config from './x.json' with { type: 'json' }
export { default as again } from 'pino'
export * as x from 'pino'
export default async () => { const x = await find(); if (!x) return; await send(x) }
export const { a, b: [c] } = config, d = function* named() { const e = yield; if (!e) return; yield* send(e) }
export function* generate() { try { yield 1 } catch { return } finally { log.info('x') } }
export class A { #p = 1; static #q() { if (!this.#p) return; this.#q() } get #r() { return } static { if (x) { y() } } static async = 1; get; set; static; async; 'quoted' = 1 }
const empty = class {}, holes = [, 1, , ...x], spread = { ...x, y, [z]: 1 }
await using_
var using, of, async, let_, await_
for await (const x of y) if (x) log.info(`a${x}b${`c${d}`}`)
for (const [k, { v = 1 }] of Object.entries(x)) { try { send(k) } catch ({ code }) { if (code === 'ENOENT') continue; throw new Error('x', { cause: code }) } }
log?.info?.(`x`)?.y, (await log).info('x'), log.child({}).child({}).info('x'), getLogger('x')?.warn('y'), new Logger().info('x')
log.info(log.info(log.info('x'))), log.error(function () { return }), log.error(class { m() { return } }), log.error(async () => { if (x) return; await y() })
export let z = async function () { if (new.target) return; await import.meta.resolve('x'); try { await import('x') } catch { } }
