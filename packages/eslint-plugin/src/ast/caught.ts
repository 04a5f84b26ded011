import type { TSESTree } from '@typescript-eslint/utils'
import { isRejection } from './errors.js'
import { pathOf, tailOf, wordsOf } from './names.js'
import { ancestorsOf, bare, isFunction, type Node } from './nodes.js'

/** The handler of an error that a node runs in, by the name that it gives the error. */
export interface Handler {
  readonly node: Node
  readonly error: string
}

/** The nearest `catch` or `.catch()` around a node, in the same function; undefined where the error has no name. */
export function handlerOf(node: Node): Handler | undefined {
  for (const each of ancestorsOf(node)) {
    if (each.type === 'CatchClause')
      return each.param?.type === 'Identifier' ? { node: each, error: each.param.name } : undefined
    if (!isFunction(each)) continue
    const [first] = each.params
    return isRejection(each) && first?.type === 'Identifier' ? { node: each, error: first.name } : undefined
  }
  return undefined
}

/** Whether a node runs only if the error is one certain one: `if (err.code === 'P2002')`, `case 'ENOENT':`. */
export function isNarrowedByCode(node: Node, { node: handler, error }: Handler): boolean {
  let inner = node
  for (const each of ancestorsOf(node)) {
    if (each === handler) return false
    if (each.type === 'IfStatement' && each.consequent === inner && asksCode(each.test, error)) return true
    if (
      each.type === 'SwitchStatement' &&
      inner !== each.discriminant &&
      pathOf(each.discriminant)[0] === error
    )
      return true
    inner = each
  }
  return false
}

function asksCode(test: Node, error: string): boolean {
  const inner = bare(test)
  if (inner.type === 'LogicalExpression') return asksCode(inner.left, error) || asksCode(inner.right, error)
  if (inner.type === 'BinaryExpression')
    return /^===?$/.test(inner.operator) && [inner.left, inner.right].some((each) => isPartOf(each, error))
  if (inner.type !== 'CallExpression') return false
  // isUniqueViolation(err), err.message.includes('timeout')
  const [first = ''] = wordsOf(tailOf(inner.callee))
  if (/^(?:is|has)$/.test(first)) return inner.arguments.some((each) => pathOf(each)[0] === error)
  return /^(?:includes|starts|test|match)$/.test(first) && pathOf(inner.callee)[0] === error
}

function isPartOf(node: Node, error: string): boolean {
  const path = pathOf(node)
  return path.length > 1 && path[0] === error
}

const callersFault =
  /^(?:BadRequest|Unauthori[sz]ed|Unauthenticated|Forbidden|NotFound|Conflict|Gone|Unprocessable|Validation|Invalid|Illegal|Malformed|Authentication|Authorization|Permission|AccessDenied|NotAllowed|MethodNotAllowed|NotAcceptable|TooManyRequests|RateLimit|PayloadTooLarge|UnsupportedMedia|UserInput|Client|Input|Argument|Precondition)|(?:NotFound|Unauthorized|Forbidden|Validation|BadRequest|Conflict|AlreadyExists|Expired|NotAllowed|Denied)(?:Error|Exception)$/
const callersCode =
  /^(?:BAD_REQUEST|UNAUTHORI[SZ]ED|UNAUTHENTICATED|FORBIDDEN|NOT_FOUND|CONFLICT|GONE|UNPROCESSABLE\w*|BAD_USER_INPUT|TOO_MANY_REQUESTS|PRECONDITION_FAILED|PAYLOAD_TOO_LARGE|PERMISSION_DENIED|INVALID_ARGUMENT)$/

/** An error that answers the caller for a fault of his own, a 4xx: what was behind it is no failure of the service. */
export function isAnswer(made: TSESTree.NewExpression): boolean {
  if (callersFault.test(tailOf(made.callee))) return true
  return made.arguments.some((argument) => {
    const inner = bare(argument)
    const values =
      inner.type === 'ObjectExpression'
        ? inner.properties.map((each) => ('value' in each ? each.value : each))
        : [inner]
    return values.some(
      (each) =>
        (each.type === 'Literal' &&
          ((typeof each.value === 'number' && each.value >= 400 && each.value < 500) ||
            (typeof each.value === 'string' && callersCode.test(each.value)))) ||
        (each.type === 'MemberExpression' && callersCode.test(tailOf(each))),
    )
  })
}
