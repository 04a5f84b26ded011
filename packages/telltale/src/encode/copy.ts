/**
 * The fields of an object as they are now, each getter read once: a later change does not count and a getter that
 * throws does not reach the caller.
 */
export function copyFields(fields: object | undefined): Record<string, unknown> {
  const own = Object.create(null) as Record<string, unknown>
  try {
    for (const name in fields) {
      if (!Object.hasOwn(fields, name)) continue
      try {
        own[name] = (fields as Record<string, unknown>)[name]
      } catch {
        own[name] = '[Throws]'
      }
    }
  } catch {
    own['fields'] = '[Throws]'
  }
  return own
}
