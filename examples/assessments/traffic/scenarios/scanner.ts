import type { Call } from '../client.js'
import type { Scenario } from '../visit.js'

const PATHS = [
  '/wp-login.php',
  '/.env',
  '/.git/config',
  '/actuator/env',
  '/admin/config.php',
  '/assessments.sql',
  '/cgi-bin/%2e%2e/%2e%2e/etc/passwd',
  '/%E0%A4%A',
  '/%',
  '/%1b%5b31mred',
  '//',
  '/a%0d%0aset-cookie:x=1',
] as const

/** A scanner walks over paths that are not there, with malformed escapes, rare methods and other people's secrets. */
export const scanner: Scenario = async ({ client, random, canaries, think }) => {
  const probe = (path: string, method = 'GET', headers: Record<string, string> = {}): Call => ({
    method,
    path,
    route: 'unmatched',
    headers: { 'user-agent': 'scanner/1.0', ...headers },
    expect: [400, 404, 405],
  })
  for (let left = random.int(3, 6); left > 0; left--) await client.send(probe(random.pick(PATHS)))
  await think()
  await client.send(probe(`/proxy/${canaries.plant('path_unknown')}`))
  await client.send(probe(`/cards/${canaries.plant('path_card')}`))
  await client.send(probe('/assessments', random.pick(['DELETE', 'PATCH', 'PROPFIND'])))
  await client.send(probe('/phpinfo.php', 'GET', { 'user-agent': canaries.plant('header_user_agent') }))
}
