import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { getLogger } from '../../../src/index.js'
import type { EndpointOptions } from '../../../src/http/endpoints.js'
import type { Gate } from '../until.js'

/** The same backend on each adapter, in the framework's own words: see the three files beside this one. */
export interface Adapter {
  readonly name: 'fastify' | 'express' | 'http'
  start(options?: AppOptions): Promise<App>
}

export interface AppOptions {
  readonly endpoints?: EndpointOptions
  /** Paths on which the app itself answers `the app's own`. */
  readonly own?: readonly string[]
  /** What `/do` runs, with its query `n`; a number that it returns or resolves to is the response's status. */
  readonly act?: (n: string) => unknown
}

export interface App {
  readonly port: number
  /** Where `/held`, `/held-body` and `/later` wait. */
  readonly gate: Gate
  close(): Promise<void>
}

export const log = getLogger('app')

export class PaymentError extends Error {
  override readonly name = 'PaymentError'
  readonly code = 'GATEWAY_TIMEOUT'
}

export const leak = 'password=hunter2-do-not-tell'

export function paymentError(): PaymentError {
  return new PaymentError(`gateway refused ${leak}`, { cause: new TypeError('connect timed out') })
}

/** The status that `act` asks for. */
export async function statusOfAct(act: AppOptions['act'], url: string | undefined): Promise<number> {
  const status = await act?.(new URLSearchParams(url?.split('?')[1]).get('n') ?? '')
  return typeof status === 'number' ? status : 200
}

/** Logs before and after a wait, as every handler does that awaits something. */
export async function work(n: string, ms: number): Promise<string> {
  log.info('work_started', { n })
  await wait(ms)
  await Promise.resolve()
  log.info('work_done', { n })
  return n
}

/** A body in ten chunks, each made in a later turn and logged. */
export function chunks(): Readable {
  return Readable.from(
    (async function* () {
      for (let index = 0; index < 10; index++) {
        await wait(1)
        log.debug('chunk_made', { index })
        yield `chunk ${index}\n`
      }
    })(),
  )
}

/** The size of a request body, read as it comes. */
export function countBody(req: IncomingMessage): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      log.debug('body_chunk')
    })
    req.on('end', () => {
      log.info('body_read', { bytes })
      resolve(bytes)
    })
    req.on('error', reject)
  })
}
