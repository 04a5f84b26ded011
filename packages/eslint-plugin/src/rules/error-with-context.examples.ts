import type { Examples } from '../rule.js'

export const examples: Examples = { valid: [], invalid: [] }
