// Writes docs/rules from the rules and their examples: node scripts/rule-pages.mjs
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { rulePages } from './gates/rule-pages.mjs'
import { root } from './ready/root.mjs'

for (const [path, text] of Object.entries(await rulePages())) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
