// After these a slash begins a regular expression. After what is `unsure` it may as well divide or close a tag of JSX, and
// after anything else it divides.
const beforeRegex =
  /^(?:|[-+*%&|^!~=?:;,([{]|=>|return|typeof|case|in|of|do|else|void|delete|throw|await|yield)$/
const unsure = /^(?:[)}<>]|\+\+|--)$/
const word = /[\w$.\x80-\uffff]/
const space = /\s/
const jsx = /<\/[\w>]|\/>/
// In JSX a backtick may stand in a text; after these it hardly does.
const beforeTemplate = /^(?:|[([{=&|+]|=>)$/

/**
 * JavaScript or TypeScript with the contents of its strings, templates, regular expressions and comments as `…`, on the
 * lines they were on: what a secret in code stands in. One pass, linear. Where it can't be told what is code (a slash after
 * a parenthesis that may divide, a quote in a text of JSX), the rest of the line is left out, and where that may not be the
 * end of it, the rest of the file.
 */
export function withoutLiterals(code: string): string {
  return new Hiding(code).shown()
}

class Hiding {
  readonly #code: string
  readonly #isJsx: boolean
  #out = ''
  #at = 0
  /** The token before, as much of it as says what a slash or a backtick is. */
  #before = ''
  #isApart = false
  /** For each template that is open, how many braces are open in its `${…}`. */
  readonly #templates: number[] = []

  constructor(code: string) {
    this.#code = code
    this.#isJsx = jsx.test(code)
  }

  shown(): string {
    const code = this.#code
    while (this.#at < code.length) this.#next(code[this.#at]!, code[this.#at + 1])
    // A template that nothing closes was none, and what came before it may have been one.
    return this.#templates.length > 0 ? hidden('', code, '') : this.#out
  }

  #next(char: string, next: string | undefined): void {
    if (char === '/' && (next === '/' || next === '*')) this.#comment(char + next)
    else if (char === '"' || char === "'" || (char === '/' && beforeRegex.test(this.#before)))
      this.#quoted(char)
    else if (char === '/' && unsure.test(this.#before)) this.#slash()
    else if (char === '`' && this.#isJsx && !beforeTemplate.test(this.#before)) this.#hideRest()
    else if (char === '`' || (char === '}' && this.#templates.at(-1) === 0)) this.#template(char)
    else this.#plain(char)
  }

  #plain(char: string): void {
    const top = this.#templates.length - 1
    if (top >= 0 && char === '{') this.#templates[top]!++
    if (top >= 0 && char === '}') this.#templates[top]!--
    this.#out += char
    this.#at++
    if (space.test(char)) {
      this.#isApart = true
      return
    }
    const isOneToken = !this.#isApart && joins(this.#before, char)
    // No keyword is longer.
    this.#before = isOneToken ? (this.#before + char).slice(0, 16) : char
    this.#isApart = false
  }

  #comment(mark: string): void {
    const code = this.#code
    const end = mark === '//' ? endOfLine(code, this.#at) : endOf(code, '*/', this.#at + 2)
    const text = code.slice(this.#at + 2, end)
    // In a text of JSX it may be a URL, and what follows code.
    if (this.#isJsx && mark === '//' && text.split('`').length % 2 === 0) return this.#hideRest()
    this.#out += hidden(mark, text, '')
    this.#at = end
    this.#isApart = true
  }

  #quoted(quote: string): void {
    const code = this.#code
    const end = endOfQuoted(code, this.#at, quote)
    const text = code.slice(this.#at + 1, end)
    const isClosed = code[end] === quote
    if (this.#isJsx ? /`|\/\*/.test(text) : !isClosed) return this.#hideRest()
    this.#hide(quote, text, isClosed ? quote : '', end)
  }

  /** One that may begin a regular expression. */
  #slash(): void {
    const end = endOfLine(this.#code, this.#at)
    const rest = this.#code.slice(this.#at + 1, end)
    if (!rest.includes('/')) return this.#plain('/')
    if (this.#templates.length > 0 || /`|\/\*|\\\r?$/.test(rest)) return this.#hideRest()
    this.#hide('/', rest, '', end)
  }

  #template(open: string): void {
    const code = this.#code
    if (open === '}') this.#templates.pop()
    const end = endOfTemplate(code, this.#at + 1)
    const isHole = code[end] === '$'
    this.#hide(open, code.slice(this.#at + 1, end), isHole ? '${' : (code[end] ?? ''), end)
    if (isHole) this.#before = '{'
    if (isHole) this.#at++
    if (isHole || end === code.length) this.#templates.push(0)
  }

  #hide(open: string, text: string, close: string, end: number): void {
    this.#out += hidden(open, text, close)
    this.#at = end + (close === '' ? 0 : 1)
    this.#before = '"'
    this.#isApart = false
  }

  #hideRest(): void {
    this.#out += hidden('', this.#code.slice(this.#at), '')
    this.#at = this.#code.length
    this.#templates.length = 0
  }
}

function joins(before: string, char: string): boolean {
  if (word.test(char)) return word.test(before.at(-1) ?? ' ')
  return (
    (before === '=' && char === '>') || (before === '+' && char === '+') || (before === '-' && char === '-')
  )
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
