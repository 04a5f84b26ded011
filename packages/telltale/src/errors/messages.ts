import { briefError } from './record.js'

const maxMessages = 4

/** What an error and its causes say, in one text: `fetch failed: connect ECONNREFUSED 127.0.0.1:3998`. Never throws. */
export function messagesOf(error: unknown): string {
  const said: string[] = []
  for (let each = error, depth = 0; depth < maxMessages; depth++, each = causeOf(each)) {
    if (each === undefined && depth > 0) break
    const { type, message, code } = briefError(each)
    const text = message || type
    if (!said.some((one) => one.includes(text))) said.push(text)
    if (code !== undefined && !said.some((one) => one.includes(String(code)))) said.push(String(code))
  }
  return said.join(': ')
}

/** What it was caused by, of an aggregate without a word of its own the first that it holds. */
function causeOf(error: unknown): unknown {
  try {
    const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: unknown }
    return cause ?? (Array.isArray(errors) ? errors[0] : undefined)
  } catch {
    return undefined
  }
}
