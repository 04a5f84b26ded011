/** The paths of options, `log.level`, in which two sets of options differ. Functions and sinks are compared by identity. */
export function differences(a: unknown, b: unknown, at = ''): string[] {
  if (Object.is(a, b) || (String(a) === String(b) && a instanceof RegExp && b instanceof RegExp)) return []
  if (Array.isArray(a) && Array.isArray(b)) {
    const same = a.length === b.length && a.every((each, index) => differences(each, b[index]).length === 0)
    return same ? [] : [at]
  }
  if (!isPlain(a) || !isPlain(b)) return [at]
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return names.flatMap((name) => differences(a[name], b[name], at === '' ? name : `${at}.${name}`))
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
