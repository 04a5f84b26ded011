// After these a slash begins a regular expression, and after anything else it divides.
const beforeRegex =
  /(?:^|[-+*%&|^!~<>=?:;,([{}]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|await|yield))\s*$/
const maxBefore = 64

/**
 * JavaScript or TypeScript with the contents of its strings, templates, regular expressions and comments as `…`, on the
 * lines they were on: what a secret in code stands in. One pass; a quote that is none there ends with its line.
 */
export function withoutLiterals(code: string): string {
  let out = ''
  let at = 0
  // For each template that is open, how many braces are open in its `${…}`.
  const templates: number[] = []
  while (at < code.length) {
    const char = code[at]!
    const next = code[at + 1]
    if (char === '/' && (next === '/' || next === '*')) {
      const end = next === '/' ? endOfLine(code, at) : endOf(code, '*/', at + 2)
      out += hidden(next === '/' ? '//' : '/*', code.slice(at + 2, end), '')
      at = end
    } else if (char === '"' || char === "'" || (char === '/' && beforeRegex.test(out.slice(-maxBefore)))) {
      const end = endOfQuoted(code, at, char)
      out += hidden(char, code.slice(at + 1, end), code[end] === char ? char : '')
      at = end + (code[end] === char ? 1 : 0)
    } else if (char === '`' || (char === '}' && templates.at(-1) === 0)) {
      if (char === '}') templates.pop()
      const end = endOfTemplate(code, at + 1)
      const isHole = code[end] === '$'
      out += hidden(char, code.slice(at + 1, end), isHole ? '${' : (code[end] ?? ''))
      if (isHole) templates.push(0)
      at = end + (isHole ? 2 : 1)
    } else {
      const top = templates.length - 1
      if (top >= 0 && char === '{') templates[top]!++
      if (top >= 0 && char === '}') templates[top]!--
      out += char
      at++
    }
  }
  return out
}

/** What stood between, as one mark on each of its lines that is not empty. */
function hidden(open: string, text: string, close: string): string {
  return open + text.replace(/[^\r\n]+/g, '…') + close
}

function endOfLine(code: string, from: number): number {
  const end = code.indexOf('\n', from)
  return end === -1 ? code.length : end
}

function endOf(code: string, mark: string, from: number): number {
  const end = code.indexOf(mark, from)
  return end === -1 ? code.length : end + mark.length
}

/** The closing quote, or the end of the line. In a class of a regular expression, `[/]`, a slash closes nothing. */
function endOfQuoted(code: string, from: number, quote: string): number {
  let inClass = false
  for (let at = from + 1; at < code.length; at++) {
    const char = code[at]!
    if (char === '\\') at++
    else if (char === '\n' || (char === quote && !inClass)) return at
    else if (quote === '/' && char === '[') inClass = true
    else if (quote === '/' && char === ']') inClass = false
  }
  return code.length
}

/** The closing backtick, or the `$` of a `${`. */
function endOfTemplate(code: string, from: number): number {
  for (let at = from; at < code.length; at++) {
    const char = code[at]!
    if (char === '\\') at++
    else if (char === '`' || (char === '$' && code[at + 1] === '{')) return at
  }
  return code.length
}
