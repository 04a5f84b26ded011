import type { IncomingMessage } from 'node:http'
import { type Answer, problem } from './answer.js'

const most = 4096
// A client that is cut while it writes sees no answer: what is too long is read to its end, to a point.
const mostDiscarded = 1_048_576

/** The JSON object in a request's body, or why it is none. Rejects where the client leaves before its end. */
export async function readObject(req: IncomingMessage): Promise<{ value: object } | { refused: Answer }> {
  const type = req.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json' || req.headers['content-encoding'] !== undefined) {
    return {
      refused: problem(415, 'not_json', 'Send the change as Content-Type: application/json, not encoded.'),
    }
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= most) chunks.push(chunk)
    if (size > mostDiscarded) break
  }
  if (size > most) return { refused: problem(413, 'too_long', `A body may have ${most} bytes at most.`) }
  const value = parsed(Buffer.concat(chunks))
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { value }
    : { refused: problem(400, 'not_an_object', 'The body must be a JSON object in UTF-8.') }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
