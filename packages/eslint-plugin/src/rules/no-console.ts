import { variableOf } from '../ast/bindings.js'
import { memberName } from '../ast/names.js'
import { bare, type Node } from '../ast/nodes.js'
import { isCommand } from '../ast/programs.js'
import { constantOf } from '../ast/texts.js'
import { rule } from '../rule.js'
import { keyOf } from '../signals/message.js'

export const noConsole = rule({
  question: 'A service tells what happens by its logger.',
  reason: 'What the console prints has no level, no request id, no fields and no redaction.',
  type: 'suggestion',
  messages: {
    console: '`console.{{method}}` has no level, request id or redaction: use the logger.',
  },
  properties: {
    allow: {
      description: 'Methods that may be used: `table`.',
      type: 'array',
      items: { type: 'string' },
      uniqueItems: true,
    },
  },
  defaults: { allow: [] as readonly string[] },
  create(look) {
    const { sourceCode, options, settings } = look
    if (!sourceCode.text.includes('console') || isCommand(sourceCode)) return {}
    return {
      MemberExpression(node) {
        const method = memberName(node)
        if (method !== undefined && isConsole(node.object) && !isWritten(node)) report(node, method)
      },
      // const { log } = console
      VariableDeclarator({ id, init }) {
        if (id.type !== 'ObjectPattern' || init === null || !isConsole(init)) return
        for (const each of id.properties) {
          const method = each.type === 'Property' ? keyOf(each) : undefined
          if (method !== undefined) report(each, method)
        }
      },
    }

    function report(node: Node, method: string): void {
      // Settings that call it a wrapper say that something takes what is printed.
      if (options.allow.includes(method) || settings.wrapperOf(['console', method]) !== undefined) return
      look.report({ node, messageId: 'console', data: { method } })
    }

    /** The console itself, or a constant that it was given. */
    function isConsole(node: Node, depth = 0): boolean {
      const inner = bare(node)
      const init = inner.type === 'Identifier' && depth < 4 ? constantOf(inner, sourceCode) : undefined
      if (init !== undefined) return isConsole(init, depth + 1)
      if (inner.type === 'MemberExpression')
        return memberName(inner) === 'console' && isGlobal(inner.object, /^(?:globalThis|global)$/)
      return isGlobal(inner, /^console$/)
    }

    function isGlobal(node: Node, names: RegExp): boolean {
      return node.type === 'Identifier' && names.test(node.name) && variableOf(sourceCode, node) === undefined
    }
  },
})

/** `console.log = …`: a console that is captured or silenced. */
function isWritten(node: Node): boolean {
  return node.parent?.type === 'AssignmentExpression' && node.parent.left === node
}
