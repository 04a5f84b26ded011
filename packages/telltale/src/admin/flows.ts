import { openFlows } from '../flow/open.js'
import type { Answer } from './answer.js'
import { listed } from './listed.js'

/** Flows under way: their ids, how old they are, and the step that they are at. */
export function showFlows(): Promise<Answer> {
  return listed('flows', openFlows(), (flow) => ({ flow_id: flow.id, ...flow.standing() }))
}
