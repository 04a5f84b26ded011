import { isIP } from 'node:net'
import { isPrivateAddress } from './peer.js'

const ownSuffixes = ['.svc', '.cluster.local', '.local', '.internal', '.localhost']

/**
 * Whether a host is the team's own, so that ids may be sent to it: loopback and private addresses, names of one label,
 * `*.svc`, `*.cluster.local`, `*.local`, `*.internal`, and the hosts in `also` with those below them.
 */
export function isOwnHost(host: string, also: readonly string[]): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
  if (isIP(name) !== 0) return isPrivateAddress(name) || also.includes(name)
  if (!name.includes('.')) return name !== ''
  if (ownSuffixes.some((suffix) => name.endsWith(suffix))) return true
  return also.some((own) => name === own || name.endsWith(`.${own}`))
}
