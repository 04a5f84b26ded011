/**
 * A JSON object cut off somewhere, closed after its last whole value: a line too long to hold still shows when it was
 * written, by whom and about what. Undefined where not even one member is whole.
 */
export function salvage(text: string): string | undefined {
  const open: string[] = []
  let inString = false
  let best: string | undefined
  let end = 0
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (inString) {
      if (character === '\\') index++
      else if (character === '"') inString = false
      continue
    }
    if (character === '"') inString = true
    else if (character === '{') open.push('}')
    else if (character === '[') open.push(']')
    else if (character === '}' || character === ']') open.pop()
    else if (character === ',' && open.length > 0) {
      end = index
      best = open.toReversed().join('')
    }
  }
  return best === undefined ? undefined : text.slice(0, end) + best
}
