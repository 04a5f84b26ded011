import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { importOf, initOf, variableOf } from '../ast/bindings.js'
import { pathOf, tailOf, wordsOf } from '../ast/names.js'
import { bare, isFunction, type Node } from '../ast/nodes.js'
import { known } from './known.js'

/** Methods that only metrics have, where they are given labels. */
const ownMethods = new Set('inc dec observe'.split(' '))
/** Methods that collections, queues and clients have too. */
const sharedMethods = new Set(
  'add record set with startTimer zero increment decrement incrementBy timing gauge histogram distribution count'.split(
    ' ',
  ),
)
/** What the last word of a metric's name is, or of what has metrics. */
const metricWord = /^(?:metrics?|counters?|gauges?|histograms?|statsd|dogstatsd|prometheus|prom)$/
/** What it may be as well, where the method says the rest. */
const measuredWord = /^(?:summary|stats|total|seconds|duration|latency)$/
const metricModule = /(?:^|[/.\-_])(?:metrics?|prometheus|prom|telemetry|instruments?|statsd)(?:$|[/.\-_])/i
const makesMetric = /^create(?:Observable)?(?:Counter|UpDownCounter|Histogram|Gauge)$/

/** The arguments of a call that give a series its labels; empty where the call is no metric's. */
export function labelsIn(call: TSESTree.CallExpression, sourceCode: TSESLint.SourceCode): readonly Node[] {
  const callee = bare(call.callee)
  if (callee.type === 'Identifier') return isTimersEnd(callee, sourceCode) ? call.arguments.slice(0, 1) : []
  if (callee.type !== 'MemberExpression') return []
  const method = tailOf(callee)
  const given = call.arguments.filter((each) => each.type !== 'SpreadElement')
  if (method === 'labels') {
    // A logger has no labels(); a commander's command, a chart have: they are given no dynamic values by these names.
    return isMetric(callee.object, method, sourceCode) || isSent(call) ? given : []
  }
  if (/^(?:add|put|set)Dimensions?$/.test(method))
    return isMetric(callee.object, method, sourceCode) ? given.slice(-1) : []
  const objects = given.filter(
    (each, index) => isLabels(each, sourceCode) || (index === 0 && isNamed(each, method)),
  )
  if (objects.length === 0) return []
  if (ownMethods.has(method)) {
    // users.inc({ id }, 'visits', 1): a store's.
    if (given[1]?.type === 'Literal' && typeof given[1].value === 'string') return []
    // observer.observe(element, { childList: true })
    return method === 'observe' &&
      objects[0] !== given[0] &&
      !isMetric(callee.object, method, sourceCode) &&
      !isOfCallback(callee.object, sourceCode)
      ? []
      : objects
  }
  if (/^(?:record|increment)Metric$/.test(method)) return objects
  if (!sharedMethods.has(method)) return []
  const isMeasured = method === 'add' && given[0]?.type === 'Literal' && typeof given[0].value === 'number'
  return isMeasured || isMetric(callee.object, method, sourceCode) ? objects : []
}

/** A metric's name that is put together has no end of series either. */
function isNamed(node: Node, method: string): boolean {
  if (
    !/^(?:increment|decrement|timing|gauge|histogram|distribution|count|recordMetric|incrementMetric)$/.test(
      method,
    )
  )
    return false
  return node.type === 'TemplateLiteral' || node.type === 'BinaryExpression'
}

/** `x.labels(a, b).inc()`. */
function isSent({ parent }: TSESTree.CallExpression): boolean {
  return parent.type === 'MemberExpression' && /^(?:inc|dec|observe|set|startTimer)$/.test(tailOf(parent))
}

/** An object, or a list of tags of StatsD: `['plan:pro']`. */
function isLabels(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  const inner = bare(node)
  if (inner.type === 'ObjectExpression') return true
  if (inner.type === 'ArrayExpression')
    return inner.elements.every(
      (each) =>
        each?.type === 'TemplateLiteral' || each?.type === 'Literal' || each?.type === 'BinaryExpression',
    )
  const object = inner.type === 'Identifier' ? objectOf(inner, sourceCode) : undefined
  return object !== undefined
}

/** The object that a name was given where it is declared. */
export function objectOf(
  node: TSESTree.Identifier,
  sourceCode: TSESLint.SourceCode,
): TSESTree.ObjectExpression | undefined {
  const variable = variableOf(sourceCode, node)
  const init = variable === undefined ? undefined : initOf(variable)
  const inner = init === undefined ? undefined : bare(init)
  return inner?.type === 'ObjectExpression' ? inner : undefined
}

/** By where it comes from, what made it, or what it is called. */
function isMetric(node: Node, method: string, sourceCode: TSESLint.SourceCode): boolean {
  const holder = bare(node)
  const found = known(holder, sourceCode)
  if (found !== undefined) return found.origin === 'metric' || found.origin === 'metric factory'
  if (holder.type === 'CallExpression') {
    const maker = tailOf(holder.callee)
    return /^(?:labels|withLabels)$/.test(maker) || makesMetric.test(maker)
  }
  if (holder.type === 'Identifier') {
    const variable = variableOf(sourceCode, holder)
    const init = variable === undefined ? undefined : initOf(variable)
    if (init !== undefined && makesMetric.test(tailOf(init))) return true
    const imported = variable === undefined ? undefined : importOf(variable)
    // telemetry.record() is as often what analytics have.
    if (imported !== undefined && metricModule.test(imported.source) && holder.name !== 'telemetry')
      return true
  }
  const ends = pathOf(holder).map(
    (name) => wordsOf(name.replace(/(?:Service|Client|Collector)$/, '')).at(-1) ?? '',
  )
  const isMeasuring = /^(?:startTimer|record|increment|decrement|timing|histogram|distribution|labels)$/.test(
    method,
  )
  return ends.some((word) => metricWord.test(word) || (isMeasuring && measuredWord.test(word)))
}

/** `gauge.addCallback((result) => result.observe(1, { … }))` */
function isOfCallback(node: Node, sourceCode: TSESLint.SourceCode): boolean {
  const variable = node.type === 'Identifier' ? variableOf(sourceCode, node) : undefined
  const fn = variable?.defs[0]?.node as Node | undefined
  if (fn === undefined || !isFunction(fn) || fn.parent.type !== 'CallExpression') return false
  return /^add(?:BatchObservable)?Callback$/.test(tailOf(fn.parent.callee))
}

/** `const end = seconds.startTimer()`, and then `end({ outcome })`. */
function isTimersEnd(callee: TSESTree.Identifier, sourceCode: TSESLint.SourceCode): boolean {
  const variable = variableOf(sourceCode, callee)
  const init = variable === undefined ? undefined : initOf(variable)
  const made = init === undefined ? undefined : bare(init)
  if (made?.type !== 'CallExpression' || tailOf(made) !== 'startTimer') return false
  const timer = bare(made.callee)
  return timer.type === 'MemberExpression' && isMetric(timer.object, 'startTimer', sourceCode)
}
