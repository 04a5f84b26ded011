/** The status that a thrown error asks for (`status` or `statusCode`, 400 to 599), else 500. */
export function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown }
  for (const asked of [statusCode, status]) {
    if (typeof asked === 'number' && Number.isInteger(asked) && asked >= 400 && asked <= 599) return asked
  }
  return 500
}
