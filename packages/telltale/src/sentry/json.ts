/** As JSON, a BigInt as its text. Throws for what is no JSON: a cycle. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, asText) ?? 'null'
}

/** What JSON makes of it. */
export function plain(value: unknown): unknown {
  return JSON.parse(jsonOf(value))
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
