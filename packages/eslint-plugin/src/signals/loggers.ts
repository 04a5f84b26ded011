import type { TSESLint } from '@typescript-eslint/utils'
import { isDeclaredInOtherCase, variableNamed } from '../ast/bindings.js'
import { pathOf } from '../ast/names.js'
import { ancestorsOf, functionOf, type Node, throughout } from '../ast/nodes.js'
import { textIn } from '../ast/texts.js'
import { type Form, formOf, messageOf } from './message.js'
import { errorKeysOfLogger } from './printed.js'
import type { Sight } from './sight.js'
import { known, knownField } from './known.js'
import { isUsable, isUsableField } from './usable.js'

/** A logger that can be called at a place. */
export interface Logger {
  /** As it is written there: `log`, `this.logger`. */
  readonly text: string
  /** The module that it is known to come from. */
  readonly source: string | undefined
  /** In which order it is given text and fields; undefined where neither its module nor its other calls tell. */
  readonly form: Form | 'message' | undefined
  /** What its other calls have before the text: a category, as it is written. */
  readonly category: string | undefined
  /** It is made in this file without what prints an error in a field: bunyan without serialisers. */
  readonly losesErrorFields?: true
}

/** The nearest logger that is in scope at a node, the console left out; undefined where there is none. */
export function loggerAt(node: Node, sight: Sight): Logger | undefined {
  const found = candidateAt(node, sight.sourceCode)
  if (found === undefined) return undefined
  const form = formOf(found.source)
  // Only before a text that comes first there can be a category.
  if (form !== undefined && form !== 'text, fields') return { ...found, form, category: undefined }
  const seen = formSeen(found.text, sight)
  return { ...found, form: form ?? seen?.form ?? fallback(found.source), category: seen?.category }
}

function fallback(source: string | undefined): Logger['form'] {
  if (source === '@nestjs/common') return 'message'
  return source === undefined || source === 'debug' ? undefined : 'text, fields'
}

type Candidate = Pick<Logger, 'text' | 'source' | 'losesErrorFields'>

const usualName = /^(?:log|logger|Logger)$/

function candidateAt(node: Node, sourceCode: TSESLint.SourceCode): Candidate | undefined {
  for (
    let scope: TSESLint.Scope.Scope | null = sourceCode.getScope(node);
    scope !== null;
    scope = scope.upper
  ) {
    if (isOutermost(scope)) {
      const field = fieldAt(node, sourceCode)
      if (field !== undefined) return field
    }
    const found: Candidate[] = []
    // Not yet there where it is declared further down, but for functions of the file, which run later.
    const isLater = isOutermost(scope) && functionOf(node) !== undefined
    for (const { declared, variable, ...candidate } of candidatesIn(scope, sourceCode))
      if (
        (declared.range[1] <= node.range[0] || isLater) &&
        variableNamed(variable.name, node, sourceCode) === variable &&
        !isDeclaredInOtherCase(declared, node)
      )
        found.push(candidate)
    // `logger` rather than `winston`, which it was made with.
    const [first] = found
    if (first !== undefined) return found.find(({ text }) => usualName.test(text)) ?? first
  }
  return undefined
}

function isOutermost({ block }: TSESLint.Scope.Scope): boolean {
  return block.type === 'Program'
}

interface Declared extends Candidate {
  readonly variable: TSESLint.Scope.Variable
  readonly declared: Node
}

const declaredIn = new WeakMap<TSESLint.Scope.Scope, readonly Declared[]>()

/** The loggers that a scope declares, looked for once. */
function candidatesIn(scope: TSESLint.Scope.Scope, sourceCode: TSESLint.SourceCode): readonly Declared[] {
  const known =
    declaredIn.get(scope) ?? scope.variables.flatMap((variable) => ofVariable(variable, sourceCode) ?? [])
  declaredIn.set(scope, known)
  return known
}

function ofVariable(
  variable: TSESLint.Scope.Variable,
  sourceCode: TSESLint.SourceCode,
): Declared | undefined {
  const [definition] = variable.defs
  const name = definition?.name as Node | undefined
  if (definition === undefined || name?.type !== 'Identifier') return undefined
  if (!/^(?:ImportBinding|Variable|Parameter)$/.test(definition.type)) return undefined
  const found = known(name, sourceCode)
  const isLogger =
    found === undefined
      ? usualName.test(variable.name)
      : found.origin === 'logger' && found.source !== 'debug'
  if (!isLogger || !isUsable(variable, found !== undefined)) return undefined
  const declared: Node = definition.type === 'Variable' ? definition.node : name
  const losesErrorFields = errorKeysOfLogger(name, found?.source, sourceCode)?.has('err') === false
  return {
    text: variable.name,
    source: found?.source,
    variable,
    declared,
    ...(losesErrorFields && { losesErrorFields }),
  }
}

/** `this.logger` of the class around, by its field or by a parameter of the constructor. */
function fieldAt(node: Node, sourceCode: TSESLint.SourceCode): Candidate | undefined {
  for (const each of ancestorsOf(node)) {
    if (each.type === 'FunctionDeclaration') return undefined
    if (each.type === 'FunctionExpression' && each.parent.type !== 'MethodDefinition') return undefined
    if ((each.type === 'MethodDefinition' || each.type === 'PropertyDefinition') && each.static)
      return undefined
    if (each.type === 'StaticBlock' || each.type === 'Decorator') return undefined
    // Before super() there is no `this`.
    if (
      each.type === 'MethodDefinition' &&
      each.kind === 'constructor' &&
      each.parent.parent.superClass != null
    )
      return undefined
    if (each.type !== 'ClassBody') continue
    for (const member of each.body) {
      if (
        member.type === 'PropertyDefinition' &&
        !member.static &&
        !member.computed &&
        'name' in member.key
      ) {
        const found = ofField(member, member.key.name as string, sourceCode)
        if (found === undefined) continue
        const hash = member.key.type === 'PrivateIdentifier' ? '#' : ''
        return { text: `this.${hash}${member.key.name as string}`, source: found.source }
      }
      if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') continue
      for (const { type, ...rest } of member.value.params) {
        if (type !== 'TSParameterProperty') continue
        const { parameter } = rest as { parameter: Node }
        const inner = parameter.type === 'AssignmentPattern' ? parameter.left : parameter
        if (inner.type !== 'Identifier') continue
        const found = ofField(inner, inner.name, sourceCode)
        if (found !== undefined) return { text: `this.${inner.name}`, source: found.source }
      }
    }
    return undefined
  }
  return undefined
}

function ofField(
  field: Node,
  name: string,
  sourceCode: TSESLint.SourceCode,
): { readonly source: string | undefined } | undefined {
  const found = knownField(field, sourceCode)
  if (!isUsableField(field, found !== undefined)) return undefined
  if (found !== undefined) return found.origin === 'logger' ? { source: found.source } : undefined
  return usualName.test(name) ? { source: undefined } : undefined
}

interface Seen {
  readonly form: Form
  readonly category: string | undefined
}

const seenIn = new WeakMap<object, Map<string, Seen>>()

/** How other calls of the file give it text and fields. */
function formSeen(holder: string, sight: Sight): Seen | undefined {
  const { ast } = sight.sourceCode
  const known = seenIn.get(ast) ?? formsIn(sight)
  seenIn.set(ast, known)
  return known.get(holder)
}

function formsIn({ sourceCode, signalOf }: Sight): Map<string, Seen> {
  const forms = new Map<string, Seen>()
  for (const each of throughout(sourceCode.ast)) {
    if (each.type !== 'CallExpression' || each.callee.type !== 'MemberExpression') continue
    const signal = signalOf(each)
    const message = signal?.kind === 'log' ? messageOf(signal) : undefined
    if (message?.form === undefined) continue
    const holder = pathOf(each.callee).slice(0, -1).join('.')
    if (forms.has(holder)) continue
    const [first] = each.arguments
    const isCategory = message.form === 'text, fields' && message.at === 1
    if (isCategory && (first === undefined || textIn(first) === undefined)) continue
    forms.set(holder, {
      form: message.form,
      category: isCategory ? sourceCode.getText(first as Node) : undefined,
    })
  }
  return forms
}
