import type { TSESLint } from '@typescript-eslint/utils'

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

/** Reads each file once: by its tree, for oxlint gives every file the same `sourceCode`. */
export function oncePerFile<Value>(
  read: (sourceCode: TSESLint.SourceCode) => Value,
): (sourceCode: TSESLint.SourceCode) => Value {
  const known = new WeakMap<object, { readonly value: Value }>()
  return (sourceCode) => {
    const asked = known.get(sourceCode.ast)
    if (asked !== undefined) return asked.value
    const value = read(sourceCode)
    known.set(sourceCode.ast, { value })
    return value
  }
}
