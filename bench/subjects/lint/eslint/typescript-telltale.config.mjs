import telltale from 'eslint-plugin-telltale'
import tseslint from 'typescript-eslint'

export default [...tseslint.configs.recommended, ...telltale.configs.recommended]
