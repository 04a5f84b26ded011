import type { PGlite } from '@electric-sql/pglite'

// Frontend messages that leave an extended query unfinished: Parse, Bind, Describe, Execute, Close, Flush.
const UNFINISHED = new Set(['P', 'B', 'D', 'E', 'C', 'F'].map((letter) => letter.charCodeAt(0)))

/**
 * Lets many clients share PGlite's one session. When a transaction has kept clients waiting, pglite-socket serves the
 * first message of each in turn, so that one client's Bind meets another's Parse. Here an unfinished extended query
 * counts as a transaction, and is finished first. The price stays: an open transaction makes all others wait.
 */
export function shareSession(db: PGlite): PGlite {
  const execute = db.execProtocolRawStream.bind(db)
  const isInTransaction = db.isInTransaction.bind(db)
  let unfinished = false
  db.execProtocolRawStream = (message, options) => {
    unfinished = UNFINISHED.has(message[0] ?? 0)
    return execute(message, options)
  }
  db.isInTransaction = () => unfinished || isInTransaction()
  return db
}
