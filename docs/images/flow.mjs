// The picture in docs/flows.md:
//   npm run build && FORCE_COLOR=1 node docs/images/flow.mjs | node scripts/terminal-svg.mjs 1 28 142 > docs/images/flow.svg
import { setTimeout as sleep } from 'node:timers/promises'
import { flow, setup } from 'telltale'

setup({ service: 'assessments', environment: 'production', log: { format: 'console' } })

const retake = flow.define('retake', {
  steps: ['load_completed', 'clear_answers', 'enable_retake'],
  expectMs: { clear_answers: 40 },
  stepLevel: 'info',
})
const load = (f) => f.step('load_completed', () => sleep(4))
const failingAt = (last) => {
  let tries = 0
  return () => (++tries <= last ? Promise.reject(new Error('deadlock detected')) : sleep(11))
}

await retake({ user_id: 'u_18' }, async (f) => {
  await load(f)
  await f.step('clear_answers', failingAt(1), { attempts: 3, backoffMs: 30 })
  f.skip('enable_retake', 'already_enabled')
})
const carrier = await retake({ user_id: 'u_19' }, async (f) => {
  await load(f)
  return f.handOff()
})
await flow.resume(retake, carrier, async (f) => {
  await f.step('clear_answers', () => sleep(60))
  await f.step('enable_retake', () => sleep(2))
})
await retake({ user_id: 'u_20' }, async (f) => {
  await load(f)
  await f.step('clear_answers', failingAt(1))
}).catch(() => undefined)
