const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, magenta: 35, cyan: 36 } as const

export type Paint = Record<keyof typeof CODES, (text: string) => string>

export function createPaint(color: boolean): Paint {
  const names = Object.keys(CODES) as (keyof typeof CODES)[]
  const painter = (name: keyof typeof CODES) => (text: string) =>
    color ? `\x1b[${CODES[name]}m${text}\x1b[0m` : text
  return Object.fromEntries(names.map((name) => [name, painter(name)])) as Paint
}

/** NO_COLOR and FORCE_COLOR before what the stream is. */
export function wantsColor(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0'
  return isTerminal
}
