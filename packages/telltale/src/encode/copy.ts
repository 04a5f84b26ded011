/** Fields of one line, of one scope and of one bound logger each. */
export const maxFields = 128

// Fields without a value take no place in the line, but time to look at.
const maxLooked = 1024

// Of the registry, since a scope may be written by another copy of the package. A spread takes it along.
const beyond: unique symbol = Symbol.for('telltale.fields.beyond') as never

/** How many fields the copied object had beyond those that were copied. */
export function beyondCopied(fields: object): number {
  const count = (fields as { [beyond]?: unknown })[beyond]
  return typeof count === 'number' ? count : 0
}

/** Says so of a copy. */
export function setBeyond(copy: object, count: number): void {
  if (count > 0) (copy as { [beyond]?: number })[beyond] = count
}

/**
 * The fields of an object as they are now, each getter read once: a later change does not count and a getter that
 * throws does not reach the caller. Of more than a line holds the first; the others are counted, not read.
 */
export function copyFields(fields: object | undefined): Record<string, unknown> {
  const own = Object.create(null) as Record<string, unknown>
  let room = maxFields
  let looked = 0
  let more = 0
  try {
    for (const name in fields) {
      if (room === 0 || looked === maxLooked) {
        more++
        continue
      }
      if (!Object.hasOwn(fields, name)) continue
      looked++
      try {
        own[name] = (fields as Record<string, unknown>)[name]
      } catch {
        own[name] = '[Throws]'
      }
      if (own[name] !== undefined) room--
    }
    if (fields !== undefined) more += beyondCopied(fields)
  } catch {
    own['fields'] = '[Throws]'
  }
  setBeyond(own, more)
  return own
}
