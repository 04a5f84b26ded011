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
export function callOf({ text: logger, form, category }: Logger, { level, text, fields }: Line): string {
  const written = quoted(text)
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
  return `{ ${fields.map(({ name, value }) => (name === value ? name : `${name}: ${value}`)).join(', ')} }`
}

export function quoted(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
}
