import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { initOf, variableOf } from './bindings.js'
import { type Carried, namesTo } from './carried.js'
import { pathOf, tailOf } from './names.js'
import { bare, type Node } from './nodes.js'
import { isOfOthers, isOtherToken } from './other-tokens.js'
import { isAboutName } from './secrets.js'
import { takenFrom } from './variables.js'

/** What of a value says that it is a secret, as it is written: itself, or the name that it goes under. */
export function secretIn(
  { node, key, inText }: Carried,
  namesSecret: (name: string) => boolean,
  sourceCode: TSESLint.SourceCode,
): string | undefined {
  const written = sourceCode.getText(node)
  if (node.type === 'CallExpression') return isAskedFor(node, namesSecret) ? written : undefined
  const path = namesTo(node)
  const tail = path.at(-1) ?? ''
  // Nothing is said but that it is not there.
  if (tail === 'undefined' || isEnumerated(path) || isOtherToken(node, sourceCode)) return undefined
  // An object would be [object Object] in a text: it is a credential's name.
  if (inText && /^credentials?$/.test(tail)) return undefined
  if (namesSecret(tail)) return isConstant(node, sourceCode) ? undefined : written
  if (isSessionOfRequest(path) || comesFromCookie(node, sourceCode)) return written
  if (isGivenSecret(node, namesSecret, sourceCode)) return written
  if (key === undefined || !namesSecret(key) || isOfOthers(key, node, sourceCode)) return undefined
  return isAboutName(tail) || /^(?:length|id)$/.test(tail) ? undefined : key
}

/** `req.get('authorization')`, `getAccessToken()`. */
function isAskedFor(call: TSESTree.CallExpression, namesSecret: (name: string) => boolean): boolean {
  const path = namesTo(call)
  const method = path.at(-1) ?? ''
  const [first] = call.arguments
  if (/^(?:get|header|getHeader)$/.test(method))
    return first?.type === 'Literal' && typeof first.value === 'string' && namesSecret(first.value)
  return /^(?:get|fetch|load|create|generate|issue|sign|decrypt)[A-Z]/.test(method) && namesSecret(method)
}

/** `const key = req.header('x-api-key')`, `const { password: given } = req.body`. */
function isGivenSecret(
  node: Node,
  namesSecret: (name: string) => boolean,
  sourceCode: TSESLint.SourceCode,
): boolean {
  const variable = node.type === 'Identifier' ? variableOf(sourceCode, node) : undefined
  if (variable === undefined) return false
  const init = initOf(variable)
  const inner = init === undefined ? undefined : bare(init)
  if (inner?.type === 'CallExpression') return isHeader(inner) && isAskedFor(inner, namesSecret)
  const path = inner?.type === 'MemberExpression' ? namesTo(inner) : (takenFrom(variable) ?? [])
  return path.some((name) => /^(?:headers|env|body)$/.test(name)) && namesSecret(path.at(-1) ?? '')
}

function isHeader({ callee }: TSESTree.CallExpression): boolean {
  return pathOf(callee).some((name) => /^(?:req|request|headers)$/.test(name))
}

/** `Errors.INVALID_TOKEN`, `TokenKind.Refresh`: a name of one of several, save in the environment. */
function isEnumerated(path: readonly string[]): boolean {
  const tail = path.at(-1) ?? ''
  const holder = path.at(-2) ?? ''
  return (
    /^[A-Z][A-Z\d_]+$/.test(tail) &&
    holder !== '' &&
    !/^this$|(?:env|environment|config|cfg|settings|secrets|constants)$/i.test(holder)
  )
}

/** `req.sessionID`, `req.session.id`; other sessions are a chat's, a checkout's, an upload's. */
function isSessionOfRequest(path: readonly string[]): boolean {
  return /(?:^|\.)(?:req|request)\.(?:session\.)?(?:session_?id|(?<=session\.)id)$/i.test(path.join('.'))
}

/** `const COOKIE = 'sid'`: the secret's name, not the secret. */
function isConstant(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  if (node.type !== 'Identifier' || !/^[A-Z][A-Z\d_]*$/.test(node.name)) return false
  const variable = variableOf(sourceCode, node)
  return variable !== undefined && (initOf(variable) as Node | undefined)?.type === 'Literal'
}

/** `const sessionId = req.cookies.sid`: whatever its name, it opens a session. */
function comesFromCookie(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  const variable = node.type === 'Identifier' ? variableOf(sourceCode, node) : undefined
  const init = variable === undefined ? undefined : initOf(variable)
  if (init === undefined || /locale|lang|theme|consent|currency/i.test(tailOf(node))) return false
  const inner = bare(init)
  if (inner.type !== 'MemberExpression' && inner.type !== 'CallExpression') return false
  const path = pathOf(inner)
  return (
    path.slice(0, -1).some((name) => /^(?:cookies|signedCookies)$/.test(name)) || path.at(-1) === 'getCookie'
  )
}
