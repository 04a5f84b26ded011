/**
 * All process-wide state lives behind one symbol, so that two copies of the package, or its ESM and CommonJS
 * builds in one process, make one system. A module keeps what must be shared in a slot and nowhere else.
 */
const key = Symbol.for('telltale')

type Slots = Record<string, unknown>

const root = globalThis as unknown as Record<symbol, Slots | undefined>
const slots: Slots = (root[key] ??= Object.create(null) as Slots)

/** The process's one value under `name`, made by the first copy that asks. Called at module load, never on a hot path. */
export function slot<T>(name: string, create: () => T): T {
  return (name in slots ? slots[name] : (slots[name] = create())) as T
}
