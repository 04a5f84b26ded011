import { scopes } from '../context/scope.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import type { Exchange } from './exchange.js'

/**
 * Names the current request's route template where the framework has none to tell: the metrics' `path` label and the
 * log's `route`. Parameters with secret names (`/reset/:token`) are redacted from then on.
 *
 * @example
 * setRoute('/things/:id')
 */
export function setRoute(template: string): void {
  const exchange = scopes.getStore()?.request?.subject as Exchange | undefined
  if (exchange === undefined) {
    dropped('request', 'no_request')
    reportOnce('setRoute', 'setRoute() was called outside of an observed request and does nothing.')
  } else if (typeof template !== 'string' || !template.startsWith('/')) {
    dropped('request', 'bad_route')
    reportOnce(
      'setRoute template',
      `setRoute() takes a template such as "/things/:id", got ${show(template)}.`,
    )
  } else {
    exchange.route = template
  }
}
