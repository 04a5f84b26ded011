/** The status that a thrown error asks for (`status` or `statusCode`, 400 to 599), else 500. */
export function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500
  for (const name of ['statusCode', 'status'] as const) {
    const asked = read(error, name)
    if (typeof asked === 'number' && Number.isInteger(asked) && asked >= 400 && asked <= 599) return asked
  }
  return 500
}

// A getter of what was thrown may throw itself.
function read(error: object, name: 'status' | 'statusCode'): unknown {
  try {
    return (error as { status?: unknown; statusCode?: unknown })[name]
  } catch {
    return undefined
  }
}
