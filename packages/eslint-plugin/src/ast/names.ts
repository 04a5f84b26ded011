import { bare, type FunctionNode, type Node } from './nodes.js'

/**
 * `this.logger.warn` → `['this', 'logger', 'warn']`; a call on the way keeps its name, `getLogger().info` → `['getLogger', 'info']`;
 * what has no name is `''`, and so is what lies behind a hundred names.
 */
export function pathOf(node: Node): string[] {
  const path: string[] = []
  for (let inner = bare(node), steps = 0; ; steps++) {
    if (steps >= mostSteps) return ['', ...path.reverse()]
    if (inner.type === 'MemberExpression') {
      path.push(memberName(inner) ?? '')
      inner = bare(inner.object)
    } else if (inner.type === 'CallExpression' || inner.type === 'NewExpression') inner = bare(inner.callee)
    else {
      path.push(rootName(inner))
      return path.reverse()
    }
  }
}

// Each call of a long chain is asked for its own.
const mostSteps = 200

function rootName(node: Node): string {
  switch (node.type) {
    case 'Identifier':
    case 'PrivateIdentifier':
      return node.name
    case 'ThisExpression':
      return 'this'
    case 'Super':
      return 'super'
    default:
      return ''
  }
}

/** The name of what is accessed, where it is written down. */
export function memberName(node: Node): string | undefined {
  if (node.type !== 'MemberExpression') return undefined
  const { property, computed } = node
  if (!computed) return 'name' in property ? property.name : undefined
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined
}

/** The last name of an expression: `order.customer.id` → `id`. */
export function tailOf(node: Node): string {
  let inner = bare(node)
  while (inner.type === 'CallExpression' || inner.type === 'NewExpression') inner = bare(inner.callee)
  return inner.type === 'MemberExpression' ? (memberName(inner) ?? '') : rootName(inner)
}

/** What a function is called: by its own name, the variable, the property or the method that it is the value of. */
export function functionName(fn: FunctionNode): string | undefined {
  if (fn.id != null) return fn.id.name
  let holder: Node = fn.parent
  // const send = wrap(async () => …)
  if (holder.type === 'CallExpression' && holder.arguments[0] === (fn as Node)) holder = holder.parent
  switch (holder.type) {
    case 'VariableDeclarator':
      return holder.id.type === 'Identifier' ? holder.id.name : undefined
    case 'AssignmentExpression':
      return tailOf(holder.left) || undefined
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'Property':
      return 'name' in holder.key ? (holder.key.name as string) : undefined
    default:
      return undefined
  }
}

// The same few thousand names come again and again.
const known = new Map<string, readonly string[]>()
const maxKnown = 10_000
const longest = 50

/** `isOverdueInvoice` → `['is', 'overdue', 'invoice']`. */
export function wordsOf(name: string): readonly string[] {
  const asked = known.get(name)
  if (asked !== undefined) return asked
  const words = split(name)
  if (known.size >= maxKnown) known.clear()
  if (name.length <= longest) known.set(name, words)
  return words
}

function split(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/(?<=[A-Z])(?=[A-Z][a-z])/g, '_')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '')
}

/** In both orders of its words: `send_reminder` from `sendReminder`. */
export function snakeCase(name: string): string {
  return wordsOf(name).join('_')
}

/** `['user', 'id']` → `userId`. */
export function camelCase(words: readonly string[]): string {
  return words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
}
