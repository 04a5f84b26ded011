/**
 * The length of the HTTP/1.1 response that `text` (latin1) begins with, head and body; undefined while its head is
 * not complete. Throws where the head names no Content-Length: the measured servers always do.
 */
export function responseLength(text) {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))
  if (length === null) throw new Error(`A response without Content-Length:\n${text.slice(0, end)}`)
  return end + 4 + Number(length[1])
}
