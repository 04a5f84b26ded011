const newline = 0x0a

/** One line without its end; `lost` counts the bytes cut from a line that was too long. */
export interface Line {
  readonly text: string
  readonly lost: number
}

export const maxLineBytes = 1024 * 1024

export interface LineSplitter {
  /** The lines that end in this chunk. Characters may be cut anywhere between chunks. */
  push(chunk: Buffer): Line[]
  /** The last line, where the input ended without a newline. */
  end(): Line | undefined
}

/** Cuts bytes into lines of UTF-8 text. Holds one line at most, and of that the first `limit` bytes. */
export function createLineSplitter(limit = maxLineBytes): LineSplitter {
  let pieces: Buffer[] = []
  let held = 0
  let lost = 0
  const add = (piece: Buffer) => {
    const kept = piece.subarray(0, limit - held)
    lost += piece.length - kept.length
    held += kept.length
    if (kept.length > 0) pieces.push(kept)
  }
  const take = (): Line => {
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
    const whole = bytes.toString('utf8')
    // The cut may have gone through a character.
    const text = lost > 0 ? whole.replace(/\ufffd$/, '') : whole.replace(/\r$/, '')
    const line = { text: text.replace(/^\ufeff/, ''), lost }
    pieces = []
    held = 0
    lost = 0
    return line
  }
  return {
    push(chunk) {
      const lines: Line[] = []
      let from = 0
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
        add(chunk.subarray(from, at))
        lines.push(take())
        from = at + 1
      }
      if (from < chunk.length) add(chunk.subarray(from))
      return lines
    },
    end: () => (held === 0 && lost === 0 ? undefined : take()),
  }
}
