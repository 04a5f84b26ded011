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
    if (looksLike(template, path)) return maskedStart(template, path)
  }
  return path
}

/** The path with the values of parameters gone whose names the key rule calls secret: `/reset/:token`. */
export function maskByRoute(path: string, route: string): string {
  // The router has matched the two by rules of its own (case, encoding, last slashes): where their parts can't be told
  // apart, the route stands for the path.
  return hasSecret(route) ? (masked(route.split('/'), path, isSecretName) ?? route) : path
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

const parameter = /[:*]([A-Za-z_][A-Za-z0-9_]*)/g
const openEnded = /[*{(?]/

/** Undefined where the path has not the parts of the template. */
function masked(
  template: readonly string[],
  path: string,
  secret: (name: string) => boolean,
): string | undefined {
  const parts = path.split('/')
  while (parts.length > template.length && parts.at(-1) === '') parts.pop()
  if (parts.length !== template.length || template.some((part) => openEnded.test(part))) return undefined
  return parts.map((part, index) => (namesIn(template[index]!).some(secret) ? censor : part)).join('/')
}

/** A longer path than the template's is masked as far as that goes. */
function maskedStart(template: readonly string[], path: string): string {
  const parts = path.split(/\/+/)
  const start = template.map((part, index) => (/[:*{(]/.test(part) ? censor : (parts[index] ?? '')))
  const rest = template.some((part) => openEnded.test(part)) ? [] : parts.slice(template.length)
  return [...start, ...rest].join('/')
}

function namesIn(part: string): string[] {
  return [...part.matchAll(parameter)].map(([, name]) => name!)
}

/** As leniently as any router: by the fixed parts, in any case and encoding, as far as the template goes. */
function looksLike(template: readonly string[], path: string): boolean {
  const parts = path.split(/\/+/)
  if (parts.length < template.length && !template.some((part) => openEnded.test(part))) return false
  return template.every((part, index) => /[:*{(]/.test(part) || plain(part) === plain(parts[index] ?? ''))
}

function plain(part: string): string {
  try {
    return decodeURIComponent(part).toLowerCase()
  } catch {
    return part.toLowerCase()
  }
}
