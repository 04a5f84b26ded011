import type { TSESLint } from '@typescript-eslint/utils'
import { quoted } from '../ast/quotes.js'
import type { Logger } from './loggers.js'

/** A field of a log line: its name, and how its value is written. */
export interface Field {
  readonly name: string
  readonly value: string
}

export interface Line {
  readonly level: 'warn' | 'error'
  readonly text: string
  readonly fields: readonly Field[]
}

/** The call that writes a line with a logger, in the logger's own form. */
export function callOf(
  { text: logger, source, form, category, losesErrorFields }: Logger,
  { level, text, fields }: Line,
  sourceCode: TSESLint.SourceCode,
): string {
  const written = quoted(text, sourceCode)
  const error = fields.find(({ name }) => name === 'err')
  const before = category === undefined ? '' : `${category}, `
  if (source === 'winston' && error !== undefined) {
    return `${childWith(logger, fields, error)}.${level}(${before}${written}, ${error.value})`
  }
  if (losesErrorFields && error !== undefined) {
    return `${childWith(logger, fields, error)}.${level}(${error.value}, ${written})`
  }
  if (form === undefined || fields.length === 0) {
    return `${logger}.${level}(${before}${written}${error === undefined ? '' : `, ${error.value}`})`
  }
  if (form === 'fields, text') return `${logger}.${level}(${objectOf(fields)}, ${written})`
  if (form === 'message')
    return `${logger}.${level}(${objectOf([{ name: 'message', value: written }, ...fields])})`
  return `${logger}.${level}(${before}${written}, ${objectOf(fields)})`
}

/** What takes an error or fields, and prints of an error among the fields neither message nor stack, is given the others before. */
function childWith(logger: string, fields: readonly Field[], error: Field): string {
  const others = fields.filter((each) => each !== error)
  return others.length === 0 ? logger : `${logger}.child(${objectOf(others)})`
}

/** `{ userId, order_id: order.id }` */
export function objectOf(fields: readonly Field[]): string {
  const written = fields.map(({ name, value }) => {
    // _2faId
    const key = /^\d/.test(name) ? `_${name}` : name
    return key === value ? key : `${key}: ${value}`
  })
  return `{ ${written.join(', ')} }`
}
