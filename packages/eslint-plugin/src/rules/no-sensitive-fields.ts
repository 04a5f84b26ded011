import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { initOf, variableOf } from '../ast/bindings.js'
import { type Carried, carriedIn, namesTo } from '../ast/carried.js'
import { pathOf, tailOf } from '../ast/names.js'
import { bare, type Node } from '../ast/nodes.js'
import { isAboutName, isOtherToken, isSecretName } from '../ast/secrets.js'
import { isLexical, wholeOf } from '../ast/wholes.js'
import { rule } from '../rule.js'
import { makesError, type Told, toldBy } from '../signals/told.js'

interface Options {
  /** Further names of secrets. */
  readonly names: readonly string[]
  /** Names that are no secrets here. */
  readonly allow: readonly string[]
}

const listOfNames = { type: 'array', items: { type: 'string' }, uniqueItems: true }

export const noSensitiveFields = rule({
  question: 'Logs, metrics, spans and errors get the fields that are needed, and no secrets.',
  reason:
    'What is logged is copied, indexed and read by many: a token in it must be revoked, a person in it cannot be taken back. Redaction is a net below this, not instead of it.',
  type: 'problem',
  messages: {
    secret: '`{{written}}` is a secret by its name: give its id, its length or whether it is there.',
    whole: '`{{written}}` is {{whole}}, with whatever secrets it has: give the fields that are needed.',
  },
  properties: {
    names: { description: 'More names of what is a secret: `iban`.', ...listOfNames },
    allow: { description: 'Names of what is none here, whatever it is called: `pageToken`.', ...listOfNames },
  },
  defaults: { names: [], allow: [] } as Options,
  create({ sourceCode, options, signalOf, report }) {
    const reported = new Set<Node>()
    const namesSecret = (name: string): boolean =>
      !options.allow.includes(name) && (options.names.includes(name) || isSecretName(name))

    function look(told: Told, isOfError: boolean): void {
      for (const carried of carriedIn(told.node, { key: told.key, inText: false, isSpelledOut: false })) {
        const { node } = carried
        if (reported.has(node)) continue
        const written = sourceCode.getText(node)
        // { password: required }: an error's fields are what is wrong with each, under its name.
        const judged = isOfError ? { ...carried, key: undefined } : carried
        if (isSecret(judged, namesSecret, sourceCode) && !(isOfError && isPassedOn(carried, told))) {
          reported.add(node)
          report({ node, messageId: 'secret', data: { written } })
          continue
        }
        const whole = wholeOf(carried, sourceCode)
        if (whole === undefined || options.allow.includes(tailOf(node))) continue
        if (isExpected(carried, told, whole) || (isOfError && !carried.isSpelledOut && !isMember(carried)))
          continue
        reported.add(node)
        report({ node, messageId: 'whole', data: { written, whole } })
      }
    }

    return {
      CallExpression(node) {
        for (const told of toldBy(node, { sourceCode, signalOf })) look(told, false)
        if (makesError(node)) for (const argument of node.arguments) look({ node: argument }, true)
      },
      NewExpression(node) {
        if (makesError(node)) for (const argument of node.arguments) look({ node: argument }, true)
      },
    }
  },
})

function isSecret(
  { node, key, inText }: Carried,
  namesSecret: (name: string) => boolean,
  sourceCode: TSESLint.SourceCode,
): boolean {
  if (node.type === 'CallExpression') return isAskedFor(node, namesSecret)
  const path = namesTo(node)
  const tail = path.at(-1) ?? ''
  // Nothing was written down but that it is not there.
  if (tail === 'undefined' || isEnumerated(path) || isLexical(node, sourceCode)) return false
  if (isOtherToken(tail, sourceCode.text) || isTraded(path)) return false
  // An object would be [object Object] in a text: it is a credential's name.
  if (inText && /^credentials?$/.test(tail)) return false
  if (namesSecret(tail)) return !isConstant(node, sourceCode)
  if (isSessionOfRequest(path) || comesFromCookie(node, sourceCode)) return true
  return (
    key !== undefined &&
    namesSecret(key) &&
    !isOtherToken(key, sourceCode.text) &&
    !isAboutName(tail) &&
    !/^(?:length|id)$/.test(tail)
  )
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

/** `trade.token`: a coin. */
function isTraded(path: readonly string[]): boolean {
  return (
    path.at(-1) === 'token' &&
    /^(?:trade|pool|position|swap|pair|asset|market|coin|holding)$/.test(path.at(-2) ?? '')
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

/** An error is given it to decide by, and has it in no text. */
function isPassedOn({ inText, key }: Carried, { node }: Told): boolean {
  return !inText && key === undefined && !/^(?:TemplateLiteral|BinaryExpression)$/.test(node.type)
}

function isMember({ node }: Carried): boolean {
  return node.type === 'MemberExpression'
}

/** What loggers serialise themselves: `{ req }` first, as pino-http, Fastify and bunyan have it. */
function isExpected(
  { key, isSpelledOut }: Carried,
  { isMergedObject, isHandedOver }: Told,
  whole: string,
): boolean {
  if (isHandedOver) return !isSpelledOut
  return isMergedObject === true && key === 'req' && whole === 'the whole request'
}
