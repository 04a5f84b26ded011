import type { CheckFunction } from '../health/options.js'
import { unobserved } from '../http/unobserved.js'
import { show } from '../self/show.js'
import { checkOptions, type Kind } from './options.js'
import { lateError } from './pending.js'

export interface HttpCheckOptions {
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>
  /** The one status, or those, that pass; default every one from 200 to 399. */
  readonly status?: number | readonly number[]
}

const known: Record<keyof HttpCheckOptions, Kind> = {
  headers: [
    "an object of strings such as { authorization: 'Bearer …' }",
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((each) => typeof each === 'string'),
  ],
  status: [
    'a status from 100 to 599, or an array of them',
    (value) => (Array.isArray(value) ? value.length > 0 && value.every(isStatus) : isStatus(value)),
  ],
}

/**
 * A health check of another service: `GET` by the global `fetch`, which passes with a status from 200 to 399. A redirect is an
 * answer, and not followed; the body is not read, which closes the connection. It makes no event, metric or span and sends no
 * trace headers. Its errors name the URL without query. Throws a TypeError for a URL that is not absolute, neither http: nor https:,
 * or has credentials in it.
 *
 * @example
 * health.check('billing', checkHttp('http://billing.internal/health'), { critical: false })
 */
export function checkHttp(url: string | URL, options: HttpCheckOptions = {}): CheckFunction {
  const target = targetOf(url)
  checkOptions('checkHttp()', options, known)
  const { headers = {}, status } = options
  const passes = status === undefined ? undefined : new Set([status].flat())
  const called = `GET ${target.origin}${target.pathname}`
  return async (signal) => {
    const answer = await answerOf(target, { headers: { ...headers }, redirect: 'manual', signal }, called)
    void answer.body?.cancel().catch(() => undefined)
    const isGood = passes?.has(answer.status) ?? (answer.status >= 200 && answer.status < 400)
    if (!isGood) throw new Error(`${called} was answered with status ${answer.status}`)
  }
}

async function answerOf(
  url: URL,
  init: RequestInit & { readonly signal: AbortSignal },
  called: string,
): Promise<Response> {
  try {
    return await unobserved(() => fetch(url, init))
  } catch (error) {
    if (init.signal.aborted) throw lateError(init.signal, `${called} was not answered`)
    throw new Error(`${called} failed: ${reasonOf(error)}`)
  }
}

/** fetch() itself says no more than that it failed; its cause has the reason. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown }
  const { code, message } = cause as { code?: unknown; message?: unknown }
  return show(code ?? message ?? cause)
}

function targetOf(url: unknown): URL {
  const takes = 'takes an absolute http: or https: URL'
  let target: URL
  try {
    target = new URL(String(url))
  } catch {
    throw new TypeError(`checkHttp(): ${takes}, got ${show(url)}.`)
  }
  if (target.protocol !== 'http:' && target.protocol !== 'https:')
    throw new TypeError(`checkHttp(): ${takes}, got one with ${target.protocol}`)
  if (target.username !== '' || target.password !== '') {
    throw new TypeError(
      `checkHttp(): ${takes} without credentials in it: send them as headers, { headers: { authorization: … } }.`,
    )
  }
  return target
}

function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 599
}
