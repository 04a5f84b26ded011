import type { Rule } from './rule.js'

/** A Prometheus rule file of one group, as a person would write it. */
export function rulesYaml(group: string, rules: readonly Rule[]): string {
  const head =
    '# Made by telltale generate alerts from the metric definitions. Make it anew rather than edit it.\n'
  return `${head}groups:\n  - name: ${scalar(group)}\n    rules:\n${rules.map(ruleYaml).join('\n')}`
}

function ruleYaml({
  alert,
  comment,
  expr,
  for: pending,
  severity,
  summary,
  description,
  runbook,
}: Rule): string {
  const lines = [
    `# ${comment}`,
    `- alert: ${scalar(alert)}`,
    expr.includes('\n') ? `  expr: |-\n${expr.replace(/^/gm, '    ')}` : `  expr: ${scalar(expr)}`,
    `  for: ${pending}`,
    '  labels:',
    `    severity: ${severity}`,
    '  annotations:',
    `    summary: ${scalar(summary)}`,
    `    description: ${scalar(description)}`,
    ...(runbook === undefined ? [] : [`    runbook_url: ${scalar(runbook)}`]),
  ]
  return `${lines.join('\n').replace(/^(?=.)/gm, '      ')}\n`
}

// What no YAML version takes for anything but a text: no indicator, no number, no word like `yes`.
const plain = /^[A-Za-z][\w./-]*(?: [\w./%-]+)*$/
const words = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i

/** A text on one line. Whichever way needs no escape reads best. */
function scalar(text: string): string {
  if (plain.test(text) && !words.test(text)) return text
  return text.includes("'") && !/["\\]/.test(text) ? `"${text}"` : `'${text.replaceAll("'", "''")}'`
}
