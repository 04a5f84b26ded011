import { parser } from 'typescript-eslint'

/**
 * Where a file of the corpus must be labelled, as `{ line, rule }`: every return that is not the last statement of its
 * function's body, every catch clause, and every `.catch(…)`.
 */
export function placesIn(code, path) {
  const { ast, visitorKeys } = parser.parseForESLint(code, {
    filePath: path,
    loc: true,
    sourceType: path.endsWith('.cjs') ? 'commonjs' : 'module',
    ecmaFeatures: { jsx: /[jt]sx$/.test(path) },
  })
  const places = []
  const visit = (node, body) => {
    const { type, loc } = node
    if (type === 'ReturnStatement' && body?.at(-1) !== node)
      places.push({ line: loc.start.line, rule: 'no-silent-return' })
    if (type === 'CatchClause') places.push({ line: loc.start.line, rule: 'no-silent-catch' })
    if (type === 'CallExpression' && node.callee.property?.name === 'catch')
      places.push({ line: node.callee.property.loc.start.line, rule: 'no-silent-catch' })
    const inner = /Function/.test(type) ? node.body?.body : body
    for (const key of visitorKeys[type] ?? [])
      for (const child of [node[key]].flat()) if (child?.type !== undefined) visit(child, inner)
  }
  visit(ast)
  return places
}
