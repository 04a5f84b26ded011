/** SGR parameters. The base colours are the terminal's own theme; only request ids use the 256-colour palette. */
export type Style = string

export const plain: Style = ''
export const dim: Style = '2'
export const bold: Style = '1'
export const red: Style = '31'
export const boldRed: Style = '1;31'
export const green: Style = '32'
export const yellow: Style = '33'
export const boldYellow: Style = '1;33'
export const cyan: Style = '36'
export const alarm: Style = '1;37;41'

export type Paint = (text: string, style: Style) => string

export const paintColour: Paint = (text, style) =>
  style === plain || text === '' ? text : `\x1b[${style}m${text}\x1b[0m`
export const paintNothing: Paint = (text) => text

/** `auto` as Node reads it: FORCE_COLOR over NO_COLOR over whether stdout is a terminal that isn't `dumb`. */
export function wantsColour(color: boolean | 'auto', env: NodeJS.ProcessEnv, isTTY: boolean): boolean {
  if (color !== 'auto') return color
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  return isTTY && env.TERM !== 'dumb'
}

/**
 * Colours an id can have: palette indices whose relative luminance lies between 0.1 and 0.3, so that each has a contrast
 * of 3:1 and more on white and on black, and whose hues stay clear of red and yellow, which mean levels.
 */
export const idPalette: readonly number[] = [130, 28, 30, 32, 60, 27, 99, 93, 127, 171, 132, 199]

/** The colour of an id, the same in every process: FNV-1a over its characters. */
export function idStyle(id: string): Style {
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  hash ^= hash >>> 15
  return `38;5;${idPalette[(hash >>> 0) % idPalette.length]}`
}
