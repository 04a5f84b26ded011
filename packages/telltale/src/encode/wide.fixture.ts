/** An object of `count` fields `k0`, `k1`, … that counts how many were read. */
export function wide(count: number): { fields: Record<string, unknown>; reads(): number } {
  let reads = 0
  const names = Array.from({ length: count }, (_, n) => [`k${n}`, n] as const)
  const fields = new Proxy<Record<string, unknown>>(Object.fromEntries(names), {
    get(target, name) {
      if (typeof name === 'string' && name.startsWith('k')) reads++
      return target[name as string]
    },
  })
  return { fields, reads: () => reads }
}
