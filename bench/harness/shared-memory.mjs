const made = []
const Native = globalThis.SharedArrayBuffer

// What is shared between threads is in no figure of `process.memoryUsage()` that could be added to the others, and
// growable buffers are in none at all: so they are counted where they are made, from the import of this file on.
globalThis.SharedArrayBuffer = new Proxy(Native, {
  construct(target, args, asked) {
    const buffer = Reflect.construct(target, args, asked === globalThis.SharedArrayBuffer ? target : asked)
    made.push(new WeakRef(buffer))
    return buffer
  },
})

/** The bytes of all shared array buffers that this thread has made and that are not collected. */
export function sharedBytes() {
  return made.reduce((sum, ref) => sum + (ref.deref()?.byteLength ?? 0), 0)
}
