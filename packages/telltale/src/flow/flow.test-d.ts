import { expectTypeOf } from 'vitest'
import { flow } from './flow.js'

const retake = flow.define('retake', { steps: ['load', 'clear'], expectMs: { clear: 500 } })

expectTypeOf(retake(async (f) => f.step('load', () => 5))).resolves.toBeNumber()
void retake({ user_id: 'u' }, async (f) => {
  // @ts-expect-error: not a declared step
  await f.step('lod', () => 1)
  expectTypeOf(f.step('clear', async () => 'x')).resolves.toBeString()
})
// @ts-expect-error: not a declared step
flow.define('retake', { steps: ['load'], expectMs: { clear: 1 } })

interface Fields {
  readonly user_id: string
}
declare const fields: Fields
expectTypeOf(flow('free', fields, (f) => f.step('any', () => true))).resolves.toBeBoolean()
