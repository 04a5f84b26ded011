const lastChunk = '\r\n0\r\n\r\n'

/**
 * The length of the HTTP/1.1 response that `text` (latin1) begins with, head and body; undefined while its head, or a body
 * in chunks, is not complete. Throws where the head tells neither, as the measured servers always do. What the last chunk
 * looks like must be in no text of theirs.
 */
export function responseLength(text) {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = text.slice(0, end)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (length !== null) return end + 4 + Number(length[1])
  if (!/\r\ntransfer-encoding: *chunked/i.test(head))
    throw new Error(`A response without Content-Length:\n${head}`)
  const last = text.indexOf(lastChunk, end + 2)
  return last === -1 ? undefined : last + lastChunk.length
}
