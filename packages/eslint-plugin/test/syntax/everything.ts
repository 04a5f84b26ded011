/* Every kind of syntax, around what the rules look at. It is parsed and linted, never run or type-checked. */
import type { Logger } from 'pino'
import pino, { type LoggerOptions, default as again, 'string name' as named } from 'pino'
import * as Sentry from '@sentry/node'
import data from './data.json' with { type: 'json' }
import legacy = require('winston')
import Alias = Deep.Inner.Log
export * from './other.js'
export * as others from './other.js'
export { named as 'another string' }
export type { Logger }

declare global {
  interface Window { log: Logger }
  var telltale: unknown
}
declare module 'virtual:thing' {
  export default function log(text: string): void
}
declare module '*.sql'
declare const ambient: { log(...args: unknown[]): void }
declare function overloaded(value: string): string
declare function overloaded(value: number): number
declare class Ambient { private constructor(); get log(): Logger; set log(value) }
declare let later: unique symbol

const log: Logger = pino({ level: 'info' } satisfies LoggerOptions)
const { child = () => log, ...rest } = log as any
let [first, , third = 3, ...others] = [1, 2] as const
const enum Direct { Up = 1, Down = Up << 1, Text = 'x', 'quoted name' = 4, Computed = `a`.length }
enum Level { A, B = A }

namespace Deep {
  export namespace Inner {
    export const Log = log
    export function close(id: string) {
      if (!id) return
      Log.info('closed')
      queue.send(id)
    }
  }
}
namespace Deep.Also { export import Twice = Deep.Inner }

function overload(value: string): void
function overload(value: number): void
function overload(this: void, value: string | number, ...more: unknown[]): asserts value is string {
  if (typeof value === 'string') return
  throw new TypeError(`not ${value}`)
}

type Fn = abstract new (...args: any[]) => object
type Mapped<T> = { readonly [K in keyof T as `on${Capitalize<K & string>}`]?: T[K] extends (infer R extends string)[] ? R : never }
type Tuple = [name: string, age?: number, ...tail: unknown[]]
type Imported = typeof import('./other.js', { with: { 'resolution-mode': 'import' } })
type Guard = (value: unknown) => value is string
type Template = `${Lowercase<string>}-${number}`
interface Callable { (x: number): string; new (x: number): Callable; readonly [key: string]: unknown; method?<const T>(x: T): T; get a(): number; set a(v) }

@sealed
@Injectable({ scope: Scope.REQUEST, log: (e: Error) => { log.error(e.message) } })
abstract class Service<in out T extends object = {}> extends (mixin(Base)<T>) implements OnModuleInit, OnModuleDestroy {
  static #instances = new Map<string, Service<any>>()
  static { try { Service.boot?.() } catch { } }
  declare readonly logger: Logger
  readonly #log = log.child({ part: 'service' })
  private accessor tally = 0;
  ['computed' + 1]!: string
  static override readonly 'quoted' = 1;
  [Symbol.iterator]?(): void
  abstract run(job: Job): Promise<void>
  abstract get total(): number
  handler = async (event: Event): Promise<void> => {
    if (!event) return
    await this.#save(event)
  }

  constructor(@Inject('LOG') private readonly log: Logger, protected override repository?: Repository, ...rest: unknown[]) {
    super()
    if (new.target === Service) return
    this.repository?.save?.(rest)
  }

  async #save(@Body() event?: Event) {
    const found = await this.repository!.find({ id: event?.id! })
    if (!found) return
    if (found.old) return void 0
    if (#log in this) this.#log.info(`saved ${found.id}`)
    await this.repository?.['save']?.(found)
  }

  @OnEvent('closed', { async: true })
  async *events(this: Service<T>): AsyncGenerator<Event, void, undefined> {
    for await (const event of this.stream()) {
      if (!event) return
      try {
        yield* this.split(event)
        yield
      } catch ({ message, ...others }) {
        this.log.error(message)
      }
      const got = yield event
      await this.save(got)
    }
  }

  get state() { if (this.tally) return; this.touch(); return 1 }
  set state(value) { if (!value) return; this.#save(value) }
  static async [`named${1}`]() { return super.log?.info?.('x') }
  'a method'(): void { try { super['x'].log() } catch (e: unknown) { return } finally { done() } }
  async 12() { }
}

export default abstract class extends null { static async *#x() {} }

async function using1(id: string) {
  using handle = open(id)
  await using connection = await pool.connect()
  if (!handle) return
  await connection.query('insert', [id])
  for (using each of all) { if (each) return; await send(each) }
  for (await using each of all) await send(each)
}

async function flow(id: string, req: any) {
  const user = await users.find(id)
  outer: for (const each of user.items) {
    inner: {
      if (!each) break inner
      if (each.done) continue outer
      if (each.closed) return
    }
    do { if (each.x) return; } while (each.y--)
    while (true) { if (user) return; else break outer }
  }
  block: { if (user) break block; await send(user) }
  switch (user?.kind) {
    case 'a':
    case 'b': return
    case `c`: { if (user.x) return null; break }
    default: return
    case 'd':
      await mail.send(user)
      return
  }
  if (user) ; else return
  if (user) if (id) return; else { return false } else return []
  for (;;) return
  for (var i in user) if (i) return
  debugger
  ;(0, log.info)('x')
  ;log!.info<string>('x')
  ;(log as any).error(`failed ${id}`, { ...req, err: <Error>error, [id]: 1, get a() { return 1 }, async *b() {} })
  log[user.level](id), log?.[`warn`]?.(req.headers), log['error'](req.body!)
  log.info(...req), log.error(...[error], ...rest), log.warn(), log.error(undefined), log.info(null, 'x')
  log`tagged ${id}`, log.info`tagged`, new log.Logger(), new (log.error)(), new Error, new (class extends Error {})
  throw new Error(`failed ${error}`, { ...cause, cause: error }, 1)
}

const chain = await import('./x.js', { with: { type: 'json' } })
await Promise.all([1].map(async (x) => { if (!x) return; await send(x) }))
for await (const line of lines) { try { await send(line) } catch {} }
const parse = <T,>(x: T): T | undefined => { try { return JSON.parse(x as string) } catch { return } }
promise.catch(), promise.catch(...handlers), promise.catch(null), promise.catch((log.error)), promise?.catch?.(function (this: any, { message }, [code] = []) { })
promise.catch(async (error = new Error()) => { await log.flush() }).finally(() => {}).then(undefined, (e) => void e)
promise['catch'](() => {}), promise.then(log.info, log.error), catch1((e) => { })
import.meta.log?.info('x', import.meta.url)
console.log, console['log'](), console?.log?.('x'), globalThis.console.error(error), (console as any).warn(process.env)
counter.labels(id, req.url).inc(), counter.labels({ ...labels, id }).inc(1), counter?.inc({ user: user?.id! }, 2)
const metric = new client.Counter({ name: 'x', labelNames: ['id'] as const })
span.setAttribute('user.id', id), span.setAttributes({ ...req.headers }), span.recordException(e as Error)
try { risky() } catch (e) { log.error(e); throw e } finally { if (x) throw e }
try { await risky() } catch (error) { throw error instanceof HttpError ? error : new HttpError(500, { cause: error }) }
try { a() } catch ([a, { b = 1, ...c }]) { try { d(b) } catch { throw c } }
async () => { try { await x() } catch (error) { Sentry.captureException(error, (scope) => { scope.setUser(user); return scope }) } }
x ??= y || (z &&= await w), x **= 2, x! satisfies Y as Z, void (async () => { if (!x) return; await y() })()
const regex = /(?<year>\d{4})/dv, big = 10n ** 2n, number = 1_000, text = 'ünïcödé 𝒳 \u{1F600}', nothing = (void 0, null)
const ünï = async (é: string) => { const 𝒳 = await find(é); if (!𝒳) return; await send(𝒳) } // a reason: ünïcödé
class Ключ { async 名前() { const 値 = await 探す('😀😀'); if (!値) return; await this.送る(値) } }
