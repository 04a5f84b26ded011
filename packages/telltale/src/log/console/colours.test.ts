import { describe, expect, it } from 'vitest'
import { idPalette, idStyle, wantsColour } from './colours.js'

describe('auto', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: 'false' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  ])('%j with a terminal %s gives %s', (env, isTTY, wanted) => {
    expect(wantsColour('auto', env, isTTY)).toBe(wanted)
  })

  it('yields to a plain answer', () => {
    expect(wantsColour(true, { NO_COLOR: '1' }, false)).toBe(true)
    expect(wantsColour(false, { FORCE_COLOR: '1' }, true)).toBe(false)
  })
})

describe('the colour of an id', () => {
  it('is the same each time and uses the whole palette', () => {
    expect(idStyle('9f3c5d7721aa0b11')).toBe(idStyle('9f3c5d7721aa0b11'))
    const used = new Set(Array.from({ length: 500 }, (_, index) => idStyle(`request-${index}`)))
    expect(used.size).toBe(idPalette.length)
  })

  it('has a contrast of 3:1 on white and on black', () => {
    expect(new Set(idPalette).size).toBe(12)
    for (const index of idPalette) {
      const luminance = relativeLuminance(index)
      expect(1.05 / (luminance + 0.05)).toBeGreaterThanOrEqual(3)
      expect((luminance + 0.05) / 0.05).toBeGreaterThanOrEqual(3)
    }
  })
})

/** WCAG 2 relative luminance of a colour of the 6 × 6 × 6 cube. */
function relativeLuminance(index: number): number {
  const steps = [0, 95, 135, 175, 215, 255]
  const at = (divisor: number) => {
    const channel = (steps[Math.floor((index - 16) / divisor) % 6] ?? 0) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * at(36) + 0.7152 * at(6) + 0.0722 * at(1)
}
