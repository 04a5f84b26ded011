import { attend } from '../ready/attend.mjs'
import { main } from '../ready/progress.mjs'
import { ready } from '../ready/ready.mjs'

main(async () => {
  await ready()
  await attend(['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)])
})
