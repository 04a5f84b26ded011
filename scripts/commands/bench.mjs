import { attend } from '../ready/attend.mjs'
import { main } from '../ready/progress.mjs'
import { ready } from '../ready/ready.mjs'

main(async () => {
  await ready()
  await attend(['bench/bench.mjs', ...process.argv.slice(2)])
})
