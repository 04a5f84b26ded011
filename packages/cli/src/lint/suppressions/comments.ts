/** A comment, and where it begins. */
export interface Comment {
  readonly text: string
  readonly line: number
  readonly column: number
  readonly isBlock: boolean
}

const beforeRegex = new Set(
  'return typeof instanceof in of new delete void throw case do else yield await'.split(' '),
)

const name = /[\p{ID_Start}$_#\d][\p{ID_Continue}$]*/uy

/**
 * The comments of JavaScript or TypeScript, without a parser: strings, templates and regular expressions are stepped over.
 * What it can mistake, a quote within the text of JSX, ends with the line.
 */
export function commentsOf(code: string): Comment[] {
  const comments: Comment[] = []
  // Depth of braces in each `${` that is open.
  const templates: number[] = []
  let [at, line, lineStart, word] = [0, 1, 0, '']
  // Looked for once a line: a bundle is one long line.
  let lineEnd = nextLineEnd(code, 0)
  const to = (end: number) => {
    for (; lineEnd < end; lineEnd = nextLineEnd(code, lineStart)) {
      line++
      lineStart = lineEnd + 1
    }
    at = end
  }
  const template = () => {
    const { end, isOpen } = endOfTemplate(code, at + 1)
    to(end)
    if (isOpen) templates.push(0)
    word = isOpen ? '{' : '`'
  }
  while (at < code.length) {
    const char = code[at]!
    const two = code.slice(at, at + 2)
    if (two === '//' || two === '/*') {
      const isBlock = two === '/*'
      const found = isBlock ? code.indexOf('*/', at + 2) : code.slice(at).search(/[\r\n\u2028\u2029]/) + at
      const end = found < at + (isBlock ? 2 : 0) ? code.length : found
      comments.push({ text: code.slice(at + 2, end), line, column: at - lineStart + 1, isBlock })
      to(isBlock ? Math.min(end + 2, code.length) : end)
    } else if (char === '"' || char === "'") {
      to(endOfString(code, at))
      word = char
    } else if (char === '`') template()
    else if (char === '}' && templates.at(-1) === 0) {
      templates.pop()
      template()
    } else if (char === '/' && code[at + 1] !== '>' && takesRegex(word)) {
      to(endOfRegex(code, at))
      word = '/'
    } else {
      if (char === '{' && templates.length > 0) templates.push(templates.pop()! + 1)
      if (char === '}' && templates.length > 0) templates.push(templates.pop()! - 1)
      name.lastIndex = at
      const [found] = name.exec(code) ?? []
      if (found !== undefined) word = found
      else if (/\S/.test(char)) word = char
      to(at + (found?.length ?? 1))
    }
  }
  return comments
}

function nextLineEnd(code: string, from: number): number {
  const found = code.indexOf('\n', from)
  return found === -1 ? code.length : found
}

function takesRegex(before: string): boolean {
  if (before === '' || beforeRegex.has(before)) return true
  // `</` closes an element.
  return !/^[\p{ID_Start}$_#\d)\]}"'`/<]/u.test(before)
}

function endOfString(code: string, from: number): number {
  const quote = code[from]
  for (let at = from + 1; at < code.length; at++) {
    if (code[at] === '\\') at++
    else if (code[at] === quote) return at + 1
    else if (code[at] === '\n') return at
  }
  return code.length
}

function endOfTemplate(code: string, from: number): { end: number; isOpen: boolean } {
  for (let at = from; at < code.length; at++) {
    if (code[at] === '\\') at++
    else if (code[at] === '`') return { end: at + 1, isOpen: false }
    else if (code[at] === '$' && code[at + 1] === '{') return { end: at + 2, isOpen: true }
  }
  return { end: code.length, isOpen: false }
}

function endOfRegex(code: string, from: number): number {
  let isClass = false
  for (let at = from + 1; at < code.length && code[at] !== '\n'; at++) {
    if (code[at] === '\\') at++
    else if (code[at] === '[') isClass = true
    else if (code[at] === ']') isClass = false
    else if (code[at] === '/' && !isClass) return at + 1
  }
  // It was a division.
  return from + 1
}
