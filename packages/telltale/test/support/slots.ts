/** What the SDK keeps for the process under a name; tests of whole behaviour put it back between them. */
export function state<T>(name: string): T {
  const slots = (globalThis as unknown as Record<symbol, Record<string, unknown>>)[Symbol.for('telltale')]!
  return slots[name] as T
}
