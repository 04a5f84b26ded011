import { policy } from '../redact/policy.js'
import { requestSettings } from './settings.js'

const censor = '[REDACTED]'

/** The path of a request target, without its query: `/a?b` and `http://host/a` both give `/a`. */
export function pathOf(target: string | undefined): string {
  if (target === undefined || target === '') return '/'
  const end = target.search(/[?#]/)
  const path = end < 0 ? target : target.slice(0, end)
  if (path.startsWith('/') || path === '*') return path
  const host = path.indexOf('://')
  const slash = host < 0 ? -1 : path.indexOf('/', host + 3)
  return slash < 0 ? '/' : path.slice(slash)
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
  if (!route.includes(':')) return path
  return maskBy(route.split('/'), path, (name) => policy.current.key(name)) ?? path
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
