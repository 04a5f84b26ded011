import { main } from '../ready/progress.mjs'
import { ready } from '../ready/ready.mjs'

main(() => ready({ force: true }))
