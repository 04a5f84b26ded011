import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

const privateRanges = new BlockList()
privateRanges.addSubnet('127.0.0.0', 8)
privateRanges.addSubnet('10.0.0.0', 8)
privateRanges.addSubnet('172.16.0.0', 12)
privateRanges.addSubnet('192.168.0.0', 16)
privateRanges.addSubnet('169.254.0.0', 16)
privateRanges.addAddress('::1', 'ipv6')
privateRanges.addSubnet('fe80::', 10, 'ipv6')
privateRanges.addSubnet('fc00::', 7, 'ipv6')

/** Loopback, private, link-local or unique-local; IPv4 in IPv6 by its IPv4 address. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.toLowerCase().startsWith('::ffff:') ? address.slice(7) : address.split('%', 1)[0]!
  const version = isIP(plain)
  return version !== 0 && privateRanges.check(plain, version === 6 ? 'ipv6' : 'ipv4')
}

// What proxies, load balancers and CDNs add to say for whom they ask.
const forwarding = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-envoy-external-address',
  'x-amz-cf-id',
  'x-amzn-trace-id',
  'x-azure-clientip',
  'cf-connecting-ip',
  'cf-ray',
  'true-client-ip',
  'fastly-client-ip',
  'fly-client-ip',
]

/** A peer on a private network that reached this process directly: no proxy has put its name on the request. */
export function isDirectPrivatePeer(req: IncomingMessage): boolean {
  const address = req.socket.remoteAddress
  // A Unix socket has no address.
  if (address !== undefined && !isPrivateAddress(address)) return false
  if (forwarding.some((name) => req.headers[name] !== undefined)) return false
  return !Object.keys(req.headers).some((name) => name.startsWith('x-forwarded-'))
}
