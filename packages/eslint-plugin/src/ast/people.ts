import { initOf } from './bindings.js'
import { tailOf, wordsOf } from './names.js'
import { bare, type Node } from './nodes.js'
import { once } from './once.js'
import { typeOf, type Variable, wordsOfGiven } from './variables.js'

const person =
  /^(?:user|customer|patient|subscriber|student|candidate|employee|applicant|person|passenger|reviewer)$/
/** Somebody by themselves, something else behind another word: `renderProfile`. */
const personAlone = /^(?:account|member|reader|guest|profile|viewer|contact)$/
const beforePerson = /^(?:current|new|old|existing|user|customer|updated|created|db|auth|my|target)$/

/** Somebody with all that is known of them, as far as the name or the type tells and parts of it are read. */
export function isSomebody(key: string | undefined, variable: Variable): boolean {
  // { userId: user }: it is the id that is so called.
  const [last = ''] = wordsOf(key ?? '').slice(-1)
  if (/^(?:id|ids|name|email|key|type|role|kind|count)$/.test(last)) return false
  const type = typeOf(variable)
  if (!isPerson(variable.name) && !isPerson(type ?? '')) return false
  return isObject(variable, type)
}

/** `currentUser`, `UserEntity`. */
function isPerson(name: string): boolean {
  const all = wordsOf(name).filter((word) => !/^(?:entity|document|doc|model|row|record|dto)$/.test(word))
  const last = all.at(-1) ?? ''
  if (person.test(last)) return true
  return personAlone.test(last) && (all.length === 1 || beforePerson.test(all[0] ?? ''))
}

const ofTexts =
  /^(?:length|slice|trim|split|replace|replaceAll|toLowerCase|toUpperCase|toString|startsWith|endsWith|includes|substring|match|padStart|padEnd|normalize|localeCompare|at|charAt|indexOf|toFixed)$/

/** It has parts that are read, or a type that has them. */
function isObject(variable: Variable, type: string | undefined): boolean {
  if (type !== undefined) return !/(?:Id|Name|Email|Key)$/.test(type)
  if (isFetched(variable)) return true
  return hasParts(variable)
}

const hasParts = once((variable: Variable) =>
  variable.references.some(({ identifier }) => {
    const { parent } = identifier as Node
    if (parent?.type === 'VariableDeclarator')
      return parent.init === (identifier as Node) && parent.id.type === 'ObjectPattern'
    return (
      parent?.type === 'MemberExpression' &&
      parent.object === (identifier as Node) &&
      !ofTexts.test(tailOf(parent))
    )
  }),
)

/** `await users.findOne(id)`, `getCurrentUser()`. */
function isFetched(variable: Variable): boolean {
  const init = initOf(variable)
  const inner = init === undefined ? undefined : bare(init)
  if (inner?.type !== 'CallExpression') return false
  const [first = '', ...others] = wordsOfGiven(tailOf(inner.callee))
  return (
    /^(?:find|get|load|fetch|create|insert|save|update|upsert|register)$/.test(first) &&
    !/^(?:id|ids|name|email|key|count|role|type)$/.test(others.at(-1) ?? '') &&
    // cookies.get('user'), localStorage.getItem('user'): a text.
    !/^(?:get|getItem|getHeader)$/.test(tailOf(inner.callee))
  )
}
