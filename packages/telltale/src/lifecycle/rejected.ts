const quoted = /the reason "([^]*)"\.$/
const objectOf = /^(?:#<|\[object )([\w$]+)[>\]]$/

/**
 * What a promise was rejected with. Where nobody listens, Node wraps what is no error in one whose message is the same
 * for all but its end, and that text is all there is of the reason: a number is told from its digits, of an object the class
 * is known. Never throws.
 */
export function rejectedWith(error: unknown): unknown {
  try {
    const { code, name, message } = error as NodeJS.ErrnoException
    if (code !== 'ERR_UNHANDLED_REJECTION' || name !== 'UnhandledPromiseRejection') return error
    const text = quoted.exec(message)?.[1]
    return text === undefined ? error : (named(text) ?? primitive(text))
  } catch {
    return error
  }
}

/** An object of which nothing but its class is known. */
function named(text: string): Error | undefined {
  const name = objectOf.exec(text)?.[1]
  if (name === undefined) return undefined
  return Object.defineProperties(new Error('an object that is no error'), {
    name: { value: name },
    stack: { value: undefined },
  })
}

function primitive(text: string): unknown {
  if (text === 'undefined') return undefined
  if (text === 'null') return null
  return text !== '' && String(Number(text)) === text ? Number(text) : text
}
