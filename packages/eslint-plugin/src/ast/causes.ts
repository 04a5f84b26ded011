import type { TSESTree } from '@typescript-eslint/utils'
import { type Handler, isNarrowedByCode } from './caught.js'
import { tailOf, wordsOf } from './names.js'
import { ancestorsOf, bare, type Node, within } from './nodes.js'

const languageErrors = /^(?:Error|TypeError|RangeError|SyntaxError|EvalError|ReferenceError|URIError)$/

/** `Error` and its kin: `(message, { cause })`. */
export function isLanguageError(name: string): boolean {
  return languageErrors.test(name)
}

/** Whether a new error that a handler makes ends the one that it has caught. */
export function endsError(made: TSESTree.NewExpression | TSESTree.CallExpression, handler: Handler): boolean {
  const { error } = handler
  if (!/(?:Error|Exception|Fault|Failure|Problem|Failed)$/.test(tailOf(made.callee)) || isAnswer(made))
    return false
  if (error === undefined) return isOfOutside(handler)
  if (isNarrowedByCode(made, handler) || isOfOtherFailure(made, handler)) return false
  return !made.arguments.some((argument, index) =>
    carries(argument, error, index === 0 && isLanguageError(tailOf(made.callee))),
  )
}

/** Made of what is no Error, or in a `try` of the handler's own. */
function isOfOtherFailure(made: Node, { node: handler }: Handler): boolean {
  let inner = made
  for (const each of ancestorsOf(made)) {
    if (each === handler) return false
    if (each.type === 'TryStatement' && each.block === inner) return true
    if (each.type === 'IfStatement' && each.alternate === inner && asksWhetherError(each.test)) return true
    inner = each
  }
  return false
}

/** `error instanceof Error` */
function asksWhetherError(test: Node): boolean {
  return test.type === 'BinaryExpression' && test.operator === 'instanceof' && tailOf(test.right) === 'Error'
}

/** The error itself is in it: not its message alone, and not made a string by `new Error(err)`. */
function carries(argument: Node, error: string, isMessage: boolean): boolean {
  if (isMessage && bare(argument).type === 'Identifier') return false
  for (const each of within(argument))
    if (each.type === 'Identifier' && each.name === error && isTaken(each)) return true
  return false
}

/** A use of the error that keeps more than a text or a code of it. */
function isTaken(use: Node): boolean {
  const parent = use.parent as Node
  switch (parent.type) {
    case 'MemberExpression':
      return parent.object === use
        ? /^(?:cause|stack|originalError|inner|response|errors)$/.test(tailOf(parent))
        : parent.computed
    case 'Property':
      return parent.key !== use || parent.shorthand
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ChainExpression':
      return isTaken(parent)
    case 'TemplateLiteral':
    case 'BinaryExpression':
      return false
    case 'CallExpression':
      return !isTextFunction(tailOf(parent.callee))
    default:
      return true
  }
}

/** `String`, `getErrorMessage`, `messageOf`. */
export function isTextFunction(name: string): boolean {
  return name === 'String' || wordsOf(name).includes('message')
}

const probes =
  /^(?:access|stat|lstat|readFile|verify|\w*[vV]erify|decode|parse\w*|safeParse|json|text|validate|import|open)$/

/** What failed was asked of something outside of the process, and not whether a thing is there or well-formed. */
function isOfOutside({ node }: Handler): boolean {
  if (node.type !== 'CatchClause') return false
  for (const each of within(node.parent.block))
    if (each.type === 'AwaitExpression') return !probes.test(tailOf(each.argument))
  return false
}

const callersFault =
  /^(?:BadRequest|Unauthori[sz]ed|Unauthenticated|Forbidden|NotFound|Conflict|Gone|Unprocessable|Validation|Invalid|Illegal|Malformed|Authentication|Authorization|Permission|AccessDenied|NotAllowed|MethodNotAllowed|NotAcceptable|TooManyRequests|RateLimit|PayloadTooLarge|UnsupportedMedia|UserInput|Client|Input|Argument|Precondition|Usage|Exit|Abort|Cancel)|(?:NotFound|Unauthorized|Forbidden|Validation|BadRequest|Conflict|AlreadyExists|Expired|NotAllowed|Denied)(?:Error|Exception)$/
const callersCode =
  /^(?:BAD_REQUEST|UNAUTHORI[SZ]ED|UNAUTHENTICATED|FORBIDDEN|NOT_FOUND|CONFLICT|GONE|UNPROCESSABLE\w*|BAD_USER_INPUT|TOO_MANY_REQUESTS|PRECONDITION_FAILED|PAYLOAD_TOO_LARGE|PERMISSION_DENIED|INVALID_ARGUMENT)$/

/** An error that answers the caller for a fault of his own, a 4xx or a wrong command: no failure of the service is behind it. */
export function isAnswer(made: TSESTree.NewExpression | TSESTree.CallExpression): boolean {
  return (
    callersFault.test(tailOf(made.callee)) ||
    made.arguments.some((argument) => {
      const inner = bare(argument)
      if (inner.type !== 'ObjectExpression') return isCallersCode(inner)
      return inner.properties.some((each) => each.type === 'Property' && isCallersCode(each.value))
    })
  )
}

/** `404`, `'NOT_FOUND'`, `HttpStatus.NOT_FOUND`. */
function isCallersCode(node: Node): boolean {
  if (node.type === 'Literal')
    return typeof node.value === 'number'
      ? node.value >= 400 && node.value < 500
      : callersCode.test(String(node.value))
  return node.type === 'MemberExpression' && callersCode.test(tailOf(node))
}
