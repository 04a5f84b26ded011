/**
 * A JSON object cut off somewhere, closed after its last whole value: a line too long to hold still shows when it was
 * written, by whom and about what. Undefined where not even one member is whole.
 */
export function salvage(text: string): string | undefined {
  const { comma } = scan(text)
  if (comma === -1) return undefined
  const kept = text.slice(0, comma)
  return kept + scan(kept).open.reverse().join('')
}

/** The last comma between values, and the brackets open at the end, as what closes them. */
function scan(text: string): { readonly comma: number; readonly open: string[] } {
  const open: string[] = []
  let inString = false
  let comma = -1
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (inString) {
      if (character === '\\') index++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{') open.push('}')
    else if (character === '[') open.push(']')
    else if (character === '}' || character === ']') open.pop()
    else if (character === ',' && open.length > 0) comma = index
  }
  return { comma, open }
}
