import type { IncomingMessage } from 'node:http'

interface Layer {
  readonly route?: { readonly path?: unknown; readonly methods?: Readonly<Record<string, boolean>> }
  readonly handle?: { readonly stack?: readonly Layer[] }
  /** The matched part and parameters, after `match`. */
  readonly path?: string
  readonly params?: Readonly<Record<string, unknown>>
  match?(path: string): boolean
}

export interface ExpressRequest extends IncomingMessage {
  readonly baseUrl?: string
  readonly route?: { readonly path?: unknown }
  readonly app?: { readonly router?: { readonly stack?: readonly Layer[] } }
}

// Mounts without parameters, which are most: their text is their template.
const staticMounts = new Set<string>()
const maxMounts = 1000

/** `/users/:id/orders/:order` for the matched route, its mounts included; undefined before a route has matched. */
export function routeTemplate(req: ExpressRequest): string | undefined {
  const path = req.route?.path
  if (path === undefined) return undefined
  const own = Array.isArray(path) ? path.join('|') : String(path)
  const template = mountTemplate(req) + (own === '/' && req.baseUrl ? '' : own)
  return template.length > 256 ? `${template.slice(0, 256)}…` : template
}

export function hasOwnRoute(req: ExpressRequest, path: string): boolean {
  const stack = req.app?.router?.stack ?? []
  return stack.some(
    ({ route }) =>
      route?.path === path && (route.methods?.['get'] === true || route.methods?.['_all'] === true),
  )
}

// `req.baseUrl` is what the mounts matched, ids included; as a label it would make a series per id.
function mountTemplate(req: ExpressRequest): string {
  const base = req.baseUrl ?? ''
  if (base === '' || staticMounts.has(base)) return base
  try {
    const found = mounts(req.app?.router?.stack ?? [], base)
    if (found === undefined) return '/*'
    if (found === base && staticMounts.size < maxMounts) staticMounts.add(base)
    return found
  } catch {
    return '/*'
  }
}

function mounts(stack: readonly Layer[], rest: string): string | undefined {
  for (const layer of stack) {
    if (layer.route !== undefined || layer.match?.(rest) !== true) continue
    const matched = layer.path ?? ''
    if (matched === '' || matched === '/') {
      const inner = mounts(layer.handle?.stack ?? [], rest)
      if (inner !== undefined) return inner
      continue
    }
    const template = named(matched, layer.params ?? {})
    if (matched.length === rest.length) return template
    const inner = mounts(layer.handle?.stack ?? [], rest.slice(matched.length))
    // A mounted application hides its routes from here.
    return inner === undefined ? `${template}/*` : template + inner
  }
  return undefined
}

function named(matched: string, params: Readonly<Record<string, unknown>>): string {
  const names = new Map(Object.entries(params).map(([name, value]) => [String(value), name]))
  return matched
    .split('/')
    .map((part) => {
      const name = names.get(decoded(part))
      return name === undefined ? part : `:${name}`
    })
    .join('/')
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
