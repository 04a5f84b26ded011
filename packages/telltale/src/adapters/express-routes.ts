import type { IncomingMessage } from 'node:http'
import { isOwnListener } from '../http/servers.js'

interface Match {
  /** The part of the path that was matched. */
  readonly path: string
  readonly params: Readonly<Record<string, unknown>>
  /** The mount's own text or expression; router 2.3 and later. */
  readonly pattern?: unknown
}

interface Layer {
  readonly route?: Route
  readonly handle?: { readonly name?: string; readonly stack?: readonly Layer[] }
  /** Before router 2.3 `match` answers with a boolean and leaves these. */
  readonly path?: string
  readonly params?: Readonly<Record<string, unknown>>
  match?(path: string): boolean | Match
}

interface Route {
  readonly path?: unknown
  readonly methods?: Readonly<Record<string, boolean>>
}

interface App {
  /** The prototypes of the app's requests and responses. */
  readonly request?: object
  readonly response?: object
  readonly router?: { readonly stack?: readonly Layer[] }
  /** The app that this one is mounted on. */
  readonly parent?: App
}

export interface ExpressRequest extends IncomingMessage {
  readonly baseUrl?: string
  readonly route?: Route
  readonly app?: App
}

// Mounts without parameters, which are most: their text is their template.
const staticMounts = new Set<string>()
const maxMounts = 1000
// Routers within routers.
const maxDepth = 4

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

/** An application, or a router in it, that uses `observeExpress()`. */
export function hasOwnMiddleware(app: unknown): boolean {
  try {
    return leadsToOurs((app as App).router?.stack ?? [], maxDepth)
  } catch {
    return false
  }
}

function leadsToOurs(stack: readonly Layer[], depth: number): boolean {
  return stack.some(
    ({ handle }) =>
      isOwnListener(handle) ||
      (depth > 0 && handle?.stack !== undefined && leadsToOurs(handle.stack, depth - 1)),
  )
}

// `req.baseUrl` is what the mounts matched, ids included; as a label it would make a series per id.
function mountTemplate(req: ExpressRequest): string {
  const base = req.baseUrl ?? ''
  if (base === '' || staticMounts.has(base)) return base
  try {
    // Inside a mounted app `req.app` is that app; its mount stands in the outer one's stack.
    const apps: App[] = []
    for (let app = req.app; app !== undefined; app = app.parent) apps.unshift(app)
    const found = findMount(req.route, stackOf(apps[0]), base, apps.slice(1))
    if (found === undefined) return '/*'
    if (found === base && staticMounts.size < maxMounts) staticMounts.add(base)
    return found
  } catch {
    return '/*'
  }
}

/** The mounts that lead to `route`, of which `rest` is what they matched. */
function findMount(
  route: Route | undefined,
  stack: readonly Layer[],
  rest: string,
  apps: readonly App[],
): string | undefined {
  for (const layer of stack) {
    const isApp = layer.handle?.name === 'mounted_app'
    const inner = isApp ? stackOf(apps[0]) : layer.handle?.stack
    // Middleware on a path of its own leads nowhere.
    if (layer.route !== undefined || inner === undefined) continue
    const match = matchOf(layer, rest)
    if (match === undefined) continue
    const left = rest.slice(match.path === '/' ? 0 : match.path.length)
    const below =
      left === '' && inner.some((each) => each.route === route)
        ? ''
        : findMount(route, inner, left, isApp ? apps.slice(1) : apps)
    if (below !== undefined) return templateOf(match) + below
  }
  return undefined
}

function stackOf(app: App | undefined): readonly Layer[] {
  return app?.router?.stack ?? []
}

function matchOf(layer: Layer, path: string): Match | undefined {
  const match = layer.match?.(path === '' ? '/' : path)
  if (typeof match === 'object') return match
  return match === true ? { path: layer.path ?? '', params: layer.params ?? {} } : undefined
}

function templateOf({ path, params, pattern }: Match): string {
  if (path === '' || path === '/') return ''
  if (pattern === undefined) return named(path, params)
  return String(pattern).replace(/\/+$/, '')
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
