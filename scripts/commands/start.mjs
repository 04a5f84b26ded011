import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { attend } from '../ready/attend.mjs'
import { main } from '../ready/progress.mjs'
import { ready } from '../ready/ready.mjs'
import { root } from '../ready/root.mjs'

const dist = join(root, 'examples/assessments/dist/start')

main(async () => {
  await ready()
  const leash = pathToFileURL(join(dist, 'leash.js')).href
  await attend([join(dist, 'start.js'), ...process.argv.slice(2)], { leash })
})
