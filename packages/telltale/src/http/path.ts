import { policy, type Policy } from '../redact/policy.js'
import { requestSettings } from './settings.js'

const censor = '[REDACTED]'
const slash = 0x2f

/** The path of a request target, without its query: `/a?b` and `http://host/a` both give `/a`. */
export function pathOf(target: string | undefined): string {
  if (target === undefined || target === '') return '/'
  const query = target.indexOf('?')
  const path = query < 0 ? target : target.slice(0, query)
  if (path.charCodeAt(0) === slash && !path.includes('#')) return path
  return unusualPath(path)
}

/** Absolute targets, fragments and `*`, which well-behaved clients hardly send. */
function unusualPath(text: string): string {
  const path = text.split('#', 1)[0]!
  if (path.startsWith('/') || path === '*') return path
  const host = path.indexOf('://')
  const start = host < 0 ? -1 : path.indexOf('/', host + 3)
  return start < 0 ? '/' : path.slice(start)
}

/** A path as it may be written before its route is known. */
export function maskBeforeRouting(path: string): string {
  for (const template of requestSettings.secretPaths) {
    const masked = maskBy(template, path, () => true)
    if (masked !== undefined) return masked
  }
  return path
}

/** The path with the values of parameters gone whose names the key rule calls secret: `/reset/:token`. */
export function maskByRoute(path: string, route: string): string {
  return hasSecret(route) ? (maskBy(route.split('/'), path, isSecretName) ?? path) : path
}

let decidedBy: Policy | undefined
let decided = new Map<string, boolean>()
const maxRoutes = 2000

// Nearly all routes have no secret parameter: that is found out once per route and policy.
function hasSecret(route: string): boolean {
  if (decidedBy !== policy.current) {
    decidedBy = policy.current
    decided = new Map()
  }
  const known = decided.get(route)
  if (known !== undefined) return known
  const found = [...route.matchAll(parameter)].some(([, name]) => isSecretName(name!))
  if (decided.size < maxRoutes) decided.set(route, found)
  return found
}

function isSecretName(name: string): boolean {
  return policy.current.key(name)
}

const parameter = /:([A-Za-z_][A-Za-z0-9_]*)/g

/** Undefined where the path does not have the template's shape. */
function maskBy(
  template: readonly string[],
  path: string,
  secret: (name: string) => boolean,
): string | undefined {
  const parts = path.split('/')
  const open = template.at(-1)?.startsWith('*') === true || template.at(-1)?.includes('{*') === true
  if (parts.length !== template.length && !(open && parts.length >= template.length)) return undefined
  for (const [index, part] of template.entries()) {
    if (part.includes(':') || part.startsWith('*') || part.includes('{')) continue
    if (part !== parts[index]) return undefined
  }
  return parts
    .map((part, index) => {
      const names = [...(template[index]?.matchAll(parameter) ?? [])]
      return names.some(([, name]) => secret(name!)) ? censor : part
    })
    .join('/')
}
