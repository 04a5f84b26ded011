import { api, UNKNOWN_ID } from '../api.js'
import type { Call } from '../client.js'
import type { Scenario } from '../visit.js'

/** Secrets where real clients put them: headers, query, path; on routes that answer well and on one that does not. */
export const secrets: Scenario = async ({ client, random, canaries, userId, think }) => {
  const list = api.list(userId, 3)
  const unknown: Call = { ...api.read(UNKNOWN_ID), expect: [404] }
  const withHeaders = (call: Call, headers: Record<string, string>): Call => ({ ...call, headers })
  const withQuery = (call: Call, query: string): Call => {
    return { ...call, path: `${call.path}${call.path.includes('?') ? '&' : '?'}${query}` }
  }
  const authorization = random.pick([
    'header_authorization_bearer',
    'header_authorization_basic',
    'header_authorization_jwt',
  ] as const)
  await client.send(withHeaders(list, { authorization: canaries.plant(authorization) }))
  await client.send(
    withHeaders(unknown, {
      cookie: `sid=${canaries.plant('header_cookie')}; theme=dark`,
      'x-api-key': canaries.plant('header_api_key'),
      referer: canaries.plant('header_referer'),
    }),
  )
  await think()
  await client.send(withQuery(list, `token=${canaries.plant('query_token')}`))
  await client.send(withQuery(unknown, `api_key=${canaries.plant('query_api_key')}`))
  await client.send(withQuery(list, `next=${canaries.plant('query_next')}`))
  await think()
  await client.send(withQuery(unknown, `db=${encodeURIComponent(canaries.plant('query_connection'))}`))
  await client.send(withQuery(list, `note=${encodeURIComponent(canaries.plant('query_encoded_bearer'))}`))
  await client.send(api.reset(canaries.plant('path_reset')))
}
