import { program } from './tools.mjs'

export async function check() {
  return {
    note: 'prettier',
    problems: await program('prettier/bin/prettier.cjs', [
      '--check',
      '--log-level',
      'warn',
      '--cache',
      '--cache-location',
      'node_modules/.telltale/prettier',
      '.',
    ]),
  }
}
