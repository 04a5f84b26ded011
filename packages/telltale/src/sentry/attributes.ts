import { withoutQuery } from './queries.js'
import { statementOf, textOf } from './sql.js'

type Plain = Record<string, unknown>

// What the SDK takes of requests, peers, statements, messages and models, under the names of OpenTelemetry's conventions,
// old and new, and its own.
const untold = new RegExp(
  `^(?:${[
    String.raw`http\.(?:request|response)\.(?:header|cookies|body)(?:[._].*)?|http\.request_content`,
    String.raw`(?:rpc|messaging)\..*(?:metadata|header)s?\..*`,
    String.raw`http\.query|http\.fragment|url\.query|url\.fragment|query\..*|query_string|cookies`,
    String.raw`.*\.data|.*\.?form_data\..*`,
    String.raw`.*client_ip|(?:client|source|network\.peer|net\.peer|net\.sock\.peer)\.(?:address|addr|ip)|.*ip_address`,
    String.raw`(?:sentry\.)?user\.(?:email|ip|name|username|full_name)`,
    String.raw`db\.(?:query|operation)\.parameter(?:\..*)?`,
    String.raw`(?:.*\.)?(?:params|parameters|bindings|values|variables|arguments|args)(?:\..*)?`,
    // A text's own parts, which it may have lost.
    String.raw`sentry\.message\.parameter\..*`,
    String.raw`graphql\.(?:source|document)|messaging\.message\.(?:body|payload|content)`,
    String.raw`mcp\.(?:request\.argument|(?:tool|prompt)\.result)\..*|gen_ai\.prompt\.variable\..*`,
  ].join('|')})$`,
)
const models = /^(?:gen_ai|ai|vercel\.ai|mcp|langchain|anthropic|openai)\./
// Of models and their tools: which they are. What is asked and answered goes, numbers stay.
const told =
  /\.(?:system|model|model_id|provider|transport|(?:model|response|conversation|session|request|function)[._]id|(?:operation|agent|tool|provider|pipeline|prompt|method|server|client|chain)\.(?:name|type|version)|protocol\.version|finish_reasons?)$/
const urls =
  /^(?:url|url\.full|url\.path|http\.url|http\.target|http\.route|to|from|sentry\.segment\.name|.*\.name)$/
const statements = /^(?:db\.statement|db\.query\.text|db\.query|sql|query|statement)$/

/** Attributes as they are, or as `{ value, type }`: what may not be told goes, URLs lose queries, statements literals. */
export function shapeAttributes(attributes: Plain, pii: boolean): void {
  const system = valueOf(attributes['db.system.name'] ?? attributes['db.system'] ?? attributes['system'])
  for (const [name, each] of Object.entries(attributes)) {
    const value = valueOf(each)
    if (isUntold(name, value) && !(pii && /^(?:sentry\.)?user\./.test(name))) delete attributes[name]
    else set(attributes, name, shown(name, value, system))
  }
}

function shown(name: string, value: unknown, system: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => shown(name, each, system))
  if (typeof value !== 'string') return value
  if (statements.test(name)) return statementOf(value, system)
  return urls.test(name) ? withoutQuery(value) : textOf(value, system)
}

function isUntold(name: string, value: unknown): boolean {
  if (untold.test(name)) return true
  return models.test(name) && !told.test(name) && typeof value !== 'number' && typeof value !== 'boolean'
}

export function valueOf(attribute: unknown): unknown {
  return isPlain(attribute) && 'value' in attribute ? attribute['value'] : attribute
}

function set(attributes: Plain, name: string, value: unknown): void {
  const former = attributes[name]
  attributes[name] = isPlain(former) && 'value' in former ? { ...former, value } : value
}

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
