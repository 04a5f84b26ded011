import type { TSESLint } from '@typescript-eslint/utils'
import { isAbsence } from './absence.js'
import { initOf, variableOf } from './bindings.js'
import { memberName, tailOf, wordsOf } from './names.js'
import { bare, type Node, within } from './nodes.js'

const kinds =
  /^(?:type|kind|name|event|eventName|event_type|eventType|action|topic|channel|operation|op|method|path|pathname|url|role|format|mode|entity|category|model|modelName|resource|source|provider|platform|tag|variant|key)$/

/** What kind of thing it is, not whether it may go on: `event.type !== 'created'`, `typeof x`, `x instanceof Y`. */
export function isRouting(test: Node, isFetched: boolean): boolean {
  const inner = bare(test)
  switch (inner.type) {
    case 'LogicalExpression':
      // Of one kind only, whatever else is asked.
      if (inner.operator === '&&' && bare(inner.left).type !== 'Identifier')
        return isRouting(inner.left, isFetched) || isRouting(inner.right, isFetched)
      return isRouting(inner.left, isFetched) && isRouting(inner.right, isFetched)
    case 'UnaryExpression':
      return inner.operator === 'typeof' || (inner.operator === '!' && isRouting(inner.argument, isFetched))
    case 'BinaryExpression':
      if (inner.operator === 'instanceof' || inner.operator === 'in') return true
      if (isAbsence(inner)) return false
      return kinds.test(tailOf(inner.left.type === 'UnaryExpression' ? inner.left.argument : inner.left))
    case 'CallExpression':
      // Whether it is among what was fetched is about this one, not about its kind.
      if (isFetched && tailOf(inner.callee) === 'includes')
        return inner.arguments.some((each) => kinds.test(tailOf(each)))
      return /^(?:isArray|startsWith|endsWith|test|match|includes|isInteger|isFinite|isNaN)$/.test(
        tailOf(inner.callee),
      )
    default:
      return false
  }
}

/** What the process was started with: `env.SMTP_HOST`, `config.enabled`, `isTest`; not what was fetched under such a name. */
export function isConfiguration(
  test: Node,
  isFetchedHere: boolean,
  sourceCode: TSESLint.SourceCode,
): boolean {
  if (namesConfiguration(test, isFetchedHere)) return true
  if (isFetchedHere) return isOfAwaitedConfiguration(test, sourceCode)
  // const url = this.config.get('amqp.url')
  for (const each of within(test)) {
    const variable = each.type === 'Identifier' ? variableOf(sourceCode, each) : undefined
    const init = variable === undefined ? undefined : initOf(variable)
    if (init !== undefined && namesConfiguration(init, false)) return true
  }
  return false
}

/** `const { newVersionCheck } = await this.getConfig()` */
function isOfAwaitedConfiguration(node: Node, sourceCode: TSESLint.SourceCode, depth = 0): boolean {
  if (depth > 2) return false
  for (const each of within(node)) {
    const variable = each.type === 'Identifier' ? variableOf(sourceCode, each) : undefined
    const declaration = variable?.defs[0]?.node as Node | undefined
    if (declaration?.type !== 'VariableDeclarator' || declaration.init == null) continue
    const { init } = declaration
    if (init.type === 'AwaitExpression') {
      if (wordsOf(tailOf(init)).some((word) => /^config(?:uration)?$/.test(word))) return true
    } else if (bare(init).type === 'MemberExpression') {
      if (isOfAwaitedConfiguration(init, sourceCode, depth + 1)) return true
    }
  }
  return false
}

function namesConfiguration(node: Node, isFetchedHere: boolean): boolean {
  for (const each of within(node)) {
    // The names before it come by themselves.
    const name = each.type === 'Identifier' ? each.name : memberName(each)
    if (name === undefined) continue
    if (name === 'env' && each.type === 'MemberExpression' && isProcess(each.object)) return true
    if (!isFetchedHere && (configuration.test(name) || mode.test(name))) return true
  }
  return false
}

function isProcess(node: Node): boolean {
  const inner = bare(node)
  return inner.type === 'Identifier' && inner.name === 'process'
}

const configuration =
  /^(?:env|config|cfg|settings|options|opts|flags?|features?|featureFlags?|environment|NODE_ENV)$/i
const mode = /^is(?:Test|Dev|Development|Production|Enabled|Disabled|CI|SelfHosted|CloudHosted)/
