import { levelsNow, switchLevels } from '../log/level-switch.js'
import { levels } from '../log/levels.js'
import { policy } from '../redact/policy.js'
import { show } from '../self/show.js'
import { type Answer, json, problem } from './answer.js'

const accepted = `{"levels":"info,db=debug","for_ms":600000}`
const longest = 2 ** 31 - 1

/** `{"levels":"info,db=debug","until":null}`; `until` is when a change for a time ends. */
export function showLevels(): Answer {
  const { levels, until } = levelsNow()
  return json(200, { levels: policy.current.text(levels), until: until ?? null })
}

/** Changes them, for `for_ms` milliseconds where that is given, and shows what holds from now on. */
export function changeLevels(body: object): Answer {
  const unknown = Object.keys(body).find((name) => name !== 'levels' && name !== 'for_ms')
  if (unknown !== undefined) return bad(`${given(unknown)} is not known; a change is ${accepted}.`)
  const { levels: wanted, for_ms: forMs } = body as Record<string, unknown>
  if (typeof wanted !== 'string' || wanted.trim() === '')
    return bad(`levels must be a string such as "debug" or "info,db=debug", got ${given(wanted)}.`)
  if (forMs !== undefined && !(typeof forMs === 'number' && forMs >= 1 && forMs <= longest))
    return bad(`for_ms must be a number of milliseconds from 1 to ${longest}, got ${given(forMs)}.`)
  try {
    switchLevels(wanted, forMs === undefined ? {} : { forMs })
  } catch {
    const words = [...levels, 'off'].join(', ')
    return bad(`levels can't be read, got ${given(wanted)}; accepted: ${words}, alone or as logger=level.`)
  }
  return showLevels()
}

function bad(message: string): Answer {
  return problem(400, 'bad_change', message)
}

function given(value: unknown): string {
  return value === undefined ? 'nothing' : show(JSON.stringify(value))
}
