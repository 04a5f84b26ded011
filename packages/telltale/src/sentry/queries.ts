import { maskBeforeRouting } from '../http/path.js'
import { requestSettings } from '../http/settings.js'

/**
 * Text whose URLs end at their query or fragment (what follows the first `?` or `#` behind a slash, up to a space), and
 * whose paths have lost what `requests.secretPaths` names. Linear.
 */
export function withoutQuery(text: string): string {
  return text.replace(/\S+/g, (run) => {
    const slash = run.indexOf('/')
    if (slash === -1) return run
    const length = run.slice(slash).search(/[?#]/)
    return withoutSecretPath(length === -1 ? run : run.slice(0, slash + length), slash)
  })
}

/** Whether `withoutQuery` has more to do than for a text without `?` and `#`. */
export function mayHaveSecretPath(text: string): boolean {
  return requestSettings.secretPaths.length > 0 && text.includes('/')
}

function withoutSecretPath(url: string, slash: number): string {
  const start = url.startsWith('://', slash - 1) ? url.indexOf('/', slash + 2) : slash
  return start === -1 ? url : url.slice(0, start) + maskBeforeRouting(url.slice(start))
}
