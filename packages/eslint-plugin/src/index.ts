import { rules } from './rules/registry.js'

export default {
  meta: { name: 'eslint-plugin-telltale', version: '0.1.0' },
  rules,
}
