import { program } from './tools.mjs'

export async function check() {
  return { note: 'oxlint, no warning', problems: await program('oxlint/bin/oxlint', ['--deny-warnings']) }
}
