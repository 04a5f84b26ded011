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
  { text: logger, form, category }: Logger,
  { level, text, fields }: Line,
  sourceCode: TSESLint.SourceCode,
): string {
  const written = quoted(text, sourceCode)
  if (form === undefined || fields.length === 0) {
    const error = fields.find(({ name }) => name === 'err')
    const before = category === undefined ? '' : `${category}, `
    return `${logger}.${level}(${before}${written}${error === undefined ? '' : `, ${error.value}`})`
  }
  if (form === 'fields, text') return `${logger}.${level}(${objectOf(fields)}, ${written})`
  if (form === 'message')
    return `${logger}.${level}(${objectOf([{ name: 'message', value: written }, ...fields])})`
  const before = category === undefined ? '' : `${category}, `
  return `${logger}.${level}(${before}${written}, ${objectOf(fields)})`
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
