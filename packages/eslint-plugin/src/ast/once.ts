/** Reads each object once, and gives what was read whenever it is asked again. Holds none of them alive. */
export function once<Key extends object, Value>(read: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>()
  return (key) => {
    const asked = known.get(key)
    if (asked !== undefined) return asked.value
    const value = read(key)
    known.set(key, { value })
    return value
  }
}
