import type { TSESTree } from '@typescript-eslint/utils'
import { namesTo } from '../ast/carried.js'
import { pathOf } from '../ast/names.js'
import { bare, type Node } from '../ast/nodes.js'
import { unboundedPart } from '../ast/unbounded.js'
import { rule } from '../rule.js'
import { labelsIn, objectOf } from '../signals/labels.js'
import { keyOf } from '../signals/message.js'

interface Options {
  /** Names of values of which there are few here: `tenantId`. */
  readonly allow: readonly string[]
}

export const boundedLabels = rule({
  question: 'A metric label has few values, all of them known beforehand.',
  reason:
    'Every new value of a label is a new series that is kept for weeks: an id or a URL in a label fills the memory of the process and of whoever scrapes it.',
  type: 'problem',
  messages: {
    unbounded:
      '`{{written}}` is {{why}}: every value makes another series. Put it into a log or a span, and a kind of it into the label.',
  },
  properties: {
    allow: {
      description:
        'Names of what has few values here, whatever it is called: `tenantId` where there are three.',
      type: 'array',
      items: { type: 'string' },
      uniqueItems: true,
    },
  },
  defaults: { allow: [] } as Options,
  create({ sourceCode, options, settings, report }) {
    const reported = new Set<Node>()
    // Labels may be spread into each other, or into themselves.
    const judged = new Set<Node>()

    function judge(value: Node, label?: string): void {
      if (reported.has(value)) return
      const found = unboundedPart(value, label, sourceCode)
      if (found === undefined || options.allow.includes(namesTo(found.part).at(-1) ?? '')) return
      reported.add(value)
      const written = sourceCode.getText(found.part)
      report({ node: value, messageId: 'unbounded', data: { written, why: found.why } })
    }

    function judgeLabels(labels: Node): void {
      const inner = bare(labels)
      if (judged.has(inner)) return
      if (inner.type === 'ObjectExpression') judgeObject(inner)
      else if (inner.type === 'ArrayExpression') {
        for (const each of inner.elements) if (each !== null) judge(each)
      } else {
        const object = inner.type === 'Identifier' ? objectOf(inner, sourceCode) : undefined
        if (object === undefined) judge(inner)
        else judgeLabels(object)
      }
    }

    /** The values of an object's properties, those of an object that is spread into it included. */
    function judgeObject(object: TSESTree.ObjectExpression): void {
      const waiting = [object]
      for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
        if (judged.has(each)) continue
        judged.add(each)
        for (const property of (wrapped(each) ?? each).properties) {
          if (property.type === 'Property') {
            judge(property.value, keyOf(property))
            continue
          }
          const spread = bare(property.argument)
          const known = spread.type === 'Identifier' ? objectOf(spread, sourceCode) : spread
          if (known?.type === 'ObjectExpression') waiting.push(known)
        }
      }
    }

    return {
      CallExpression(node) {
        const wrapper = settings.wrapperOf(pathOf(node.callee))
        const wrapped = wrapper?.kind === 'metric' ? node.arguments[wrapper.fields] : undefined
        for (const labels of wrapped === undefined ? labelsIn(node, sourceCode) : [wrapped])
          judgeLabels(labels)
      },
    }
  },
})

/** prom-client's `inc({ labels, value, exemplarLabels })`: exemplars may well have ids. */
function wrapped({ properties }: TSESTree.ObjectExpression): TSESTree.ObjectExpression | undefined {
  const named = (name: string): TSESTree.Property | undefined =>
    properties.find(
      (each): each is TSESTree.Property =>
        each.type === 'Property' && each.key.type === 'Identifier' && each.key.name === name,
    )
  const labels = named('labels')
  if (labels === undefined || (named('value') ?? named('exemplarLabels')) === undefined) return undefined
  return labels.value.type === 'ObjectExpression' ? labels.value : undefined
}
