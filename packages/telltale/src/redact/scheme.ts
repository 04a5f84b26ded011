import { censor } from './censor.js'

// A literal, a bounded gap, one greedy class: linear. `%20` and `+` are the space in a query.
const scheme = /(?<![A-Za-z])(bearer|basic)((?:\s|%20|\+){1,8})(?![=:])([^\s"'`,;<>()[\]{}\\&]+)/gi

/** Words that follow "bearer" in prose and in challenges (`WWW-Authenticate: Bearer realm="…"`). */
const prose =
  /^(?:(?:tokens?|auth|authentication|authorization|scheme|header|credentials|format|of|is|was|not|or|and|for|in|missing|required|invalid)[.:!?]?$|(?:realm|error|scope|charset)=)/i

/** `Bearer …` and `Basic …`, in any case. */
export function screenSchemes(text: string): string {
  return text.replace(scheme, (all: string, name: string, gap: string, value: string) => {
    const passes = name.length === 5 ? !isBasic(value) : prose.test(value)
    return passes ? all : name + gap + censor
  })
}

/** Whether what follows "basic" is base64 of `user:password` and no English word ("basic plan", "Basic Training"). */
function isBasic(value: string): boolean {
  if (prose.test(value) || !/^[\w+/-]{4,}(?:=|%3d){0,2}$/i.test(value)) return value.length >= 16
  if (value.length >= 16 || value.endsWith('=')) return true
  if (value.length >= 6 && /\d|\+|[a-z][A-Z]|[A-Z]{2}[a-z]/.test(value)) return true
  return Buffer.from(value, 'base64').includes(58)
}
