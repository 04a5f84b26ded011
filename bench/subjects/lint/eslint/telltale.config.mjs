import telltale from 'eslint-plugin-telltale'
import tseslint from 'typescript-eslint'

// The parser alone is typescript-eslint's, as without it there is no TypeScript in ESLint.
export default [tseslint.configs.base, { files: ['**/*.{ts,tsx}'] }, ...telltale.configs.recommended]
