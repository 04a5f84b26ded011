const ZONES: Record<string, string> = { EST: '-0500', EDT: '-0400', PST: '-0800', PDT: '-0700', CET: '+0100', CEST: '+0200' }
const UNIX = /^\d{10}(\d{3})?$/

/** Dates of feeds are what people type into their CMS. */
export function parseDate(text: string | undefined): string | undefined {
  if (!text) return undefined //= return: no  parser
  if (UNIX.test(text)) {
    const number = Number(text)
    return new Date(text.length === 10 ? number * 1000 : number).toISOString() //= return: no  parser
  }

  const direct = Date.parse(text)
  if (!Number.isNaN(direct)) return clamp(direct) //= return: no  parser

  const [, zone] = /\s([A-Z]{3,4})$/.exec(text) ?? []
  const offset = zone === undefined ? undefined : ZONES[zone]
  if (offset === undefined) return undefined //= return: no  parser
  const fixed = Date.parse(text.replace(zone!, offset))
  return Number.isNaN(fixed) ? undefined : clamp(fixed)
}

function clamp(at: number): string {
  const now = Date.now()
  return new Date(Math.min(at, now)).toISOString()
}

export function* daysBetween(from: Date, to: Date): Generator<string> {
  if (from > to) return //= return: no  generator of pure values
  for (let at = from.getTime(); at <= to.getTime(); at += 86_400_000) {
    yield new Date(at).toISOString().slice(0, 10)
  }
}

export function ttlMinutes(node: unknown): number | null {
  try {
    const minutes = Number(BigInt(String(node)))
    if (minutes < 5) return 5 //= return: no  parser
    return Math.min(minutes, 1440) //= return: no  parser
  } catch { //= catch: no  parse probe
    return null //= return: no  parser
  }
}
