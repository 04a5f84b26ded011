import { type Carried, carriedIn } from '../ast/carried.js'
import { tailOf } from '../ast/names.js'
import { heldSecret } from '../ast/held-secrets.js'
import type { Node } from '../ast/nodes.js'
import { secretIn } from '../ast/secret-values.js'
import { isSecretName } from '../ast/secrets.js'
import { wholeOf } from '../ast/wholes.js'
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
    secret: '`{{written}}` is a secret by its name: log its id, its length or whether it is there.',
    whole: '`{{written}}` is {{whole}}, with whatever secrets it holds: log the fields that are needed.',
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
        // { password: required }: an error's fields are what is wrong with each, under its name.
        const judged = isOfError ? { ...carried, key: undefined } : carried
        const written = secretIn(judged, namesSecret, sourceCode)
        if (written !== undefined && !(isOfError && isPassedOn(carried, told))) {
          reported.add(node)
          report({ node, messageId: 'secret', data: { written } })
          continue
        }
        const held = isOfError || told.isHandedOver ? undefined : heldSecret(carried, namesSecret, sourceCode)
        if (held !== undefined && !options.allow.includes(tailOf(node))) {
          reported.add(node)
          report({ node, messageId: 'secret', data: { written: held } })
          continue
        }
        const whole = wholeOf(carried, sourceCode)
        if (whole === undefined || options.allow.includes(tailOf(node))) continue
        if (isExpected(carried, told, whole) || (isOfError && !carried.isSpelledOut && !isMember(carried)))
          continue
        reported.add(node)
        report({ node, messageId: 'whole', data: { written: sourceCode.getText(node), whole } })
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
