/** Code of one shape, as large as it is asked for: what a generator writes, or somebody who means no good. */
export type Shape = (size: number) => string

function times(size: number, write: (index: number) => string, between = ''): string {
  return Array.from({ length: size }, (_, index) => write(index)).join(between)
}

/** In a handler of a service, where every rule looks. */
function handler(body: string): string {
  return `import pino from 'pino'
import { counter, getLogger } from 'telltale'
const logger = pino()
const log = getLogger('orders')
const hits = counter({ name: 'hits', labels: ['kind'] })
export async function send(id, order, user, token) {
  const found = await orders.find(id)
  ${body}
  await mailer.send(order)
}
`
}

/** An expression wherever a rule looks into one. */
function everywhere(expression: string): string {
  return handler(`if (${expression}) return
  const made = ${expression}
  if (!made) return
  log.info(${expression}, { value: ${expression} })
  log.info(made)
  hits.inc({ kind: ${expression} })
  hits.inc(made)
  await work().catch(() => (${expression}))
  try { await work() } catch (error) {
    logger.error(${expression})
    if (${expression}) throw new Error(${expression})
    throw new Error('failed', made)
  }`)
}

/** As deep as it is long: nothing may recurse for each. */
export const deep: Readonly<Record<string, Shape>> = {
  'a sum of texts': (size) => everywhere(times(size, (index) => (index % 3 ? "'x'" : `v${index}`), ' + ')),
  'a sum with an error': (size) => everywhere(`error.message + ${times(size, () => "'x'", ' + ')}`),
  'a chain of `||`': (size) => everywhere(times(size / 4, (index) => `!a${index}`, ' || ')),
  'a chain of `&&`': (size) => everywhere(times(size / 4, (index) => `order.status !== 's${index}'`, ' && ')),
  'nested conditionals': (size) => everywhere(`${times(size / 2, (index) => `a${index} ? 'b' : `)}'c'`),
  'a chain of members': (size) => everywhere(`order${times(size / 4, (index) => `.a${index}`)}`),
  'a chain of calls': (size) => everywhere(`order${times(size / 8, (index) => `.a${index}(1)`)}`),
  'nested calls': (size) => everywhere(`${times(size / 8, () => 'String(')}error${')'.repeat(size / 8)}`),
  'nested objects': (size) => everywhere(`${times(size / 8, () => '{ a: ')}error${' }'.repeat(size / 8)}`),
  'nested negations': (size) => everywhere(`${'!'.repeat(size / 4)}found`),
  'a chain of else-ifs': (size) =>
    handler(`${times(size / 2, (index) => `if (!found.a${index}) return\n  else `)}{}`),
  'nested blocks': (size) => handler(`${'{'.repeat(size / 8)} if (!found) return ${'}'.repeat(size / 8)}`),
  'nested functions': (size) =>
    handler(
      `${times(size / 16, (index) => `async function f${index}() { if (!found) return\n`)}${times(size / 16, () => 'await mailer.send() }\n')}`,
    ),
  'constants of constants': (size) =>
    handler(
      `const c0 = id\n${times(size, (index) => `const c${index + 1} = c${index}\n`)}if (!c${size}) return\nlog.info(c${size})`,
    ),
}

/** Much of the same side by side: nothing may be looked for again for each. */
export const wide: Readonly<Record<string, Shape>> = {
  'an object of many': (size) => everywhere(`{ ${times(size / 4, (index) => `a${index}: user`, ', ')} }`),
  'an array of many': (size) => everywhere(`[${times(size / 4, () => 'token', ', ')}]`),
  'a template of many': (size) => everywhere(`\`${times(size / 4, (index) => `a \${b${index}} `)}\``),
  'early returns': (size) => handler(times(size / 4, () => 'if (!found) return { ran: false }\n')),
  'log calls': (size) => handler(times(size / 2, () => "log.info('order_sent', { id, user, token })\n")),
  'labels of one name': (size) => handler(times(size / 2, () => 'hits.inc({ kind: order, key: user })\n')),
  'logs in a catch': (size) =>
    handler(
      `try { await work() } catch (error) {\n${times(size / 4, () => 'logger.error({ id }, error.message)\n')}}`,
    ),
  'catches of one function': (size) =>
    `${handler(times(size / 4, () => 'try { await step(id) } catch (error) {}\n'))}async function step() {\n${times(size / 4, () => 'await work()\n')}}`,
  'cases of a switch': (size) =>
    handler(
      `switch (found.kind) {\n${times(size / 4, (index) => `case ${index}: await work(${index}); return\n`)}}`,
    ),
  'statements before a return': (size) =>
    handler(`switch (found.kind) { case 1: ${times(size, () => 'a = 1\n')} return }`),
  comments: (size) => handler(times(size / 4, () => '// ok\nif (!found) return\n')),
  tokens: (size) => handler(times(size / 2, () => 'log.info({ token })\n')),
}

/** One text of this length: no regular expression may try each of its places again. */
export const long: Readonly<Record<string, Shape>> = {
  'capital letters': (size) => everywhere(`'${'A'.repeat(size)}'`),
  'capital letters in a name': (size) => everywhere(`order.${'A'.repeat(size)}`),
  'dashes in a template': (size) => handler(`log.info(\`sent it${'-'.repeat(size)}x\${id}\`)`),
  'blanks in a template': (size) => handler(`log.info(\`sent it${' '.repeat(size)}x \${id}\`)`),
  'blanks before dots': (size) => handler(`log.info(\`sent it${' .'.repeat(size / 2)}x \${id}\`)`),
  placeholders: (size) =>
    handler(`try { f() } catch (error) { logger.error('${'%s'.repeat(size / 2)}', error) }`),
  'blanks in a comment': (size) => handler(`if (!found) return /* ${' '.repeat(size)}; */`),
  'lines of a comment': (size) => handler(`/*${'\n * '.repeat(size / 4)};*/ if (!found) return`),
}

/** Constants that name each other, or themselves. */
export const circular: Readonly<Record<string, string>> = {
  'a constant that names itself': handler("const a = found ? a : 'u'\n log.info(a)"),
  'constants that name each other': handler(
    "const a = found ? b : 'u'\n const b = id ? a : 'v'\n log.info(a)\n hits.inc({ kind: a })\n if (!a) return",
  ),
  'labels that are spread into themselves': handler(
    'var labels = { ...labels, a: 1 }\n hits.inc(labels)\n hits.inc({ ...labels })',
  ),
  'labels that are spread into each other': handler(
    `const l0 = { id }\n${times(40, (index) => `const l${index + 1} = { ...l${index}, ...l${index} }\n`)}hits.inc(l40)`,
  ),
  'errors that are given to each other': handler(
    'try { f() } catch (error) { let aError = bError\n let bError = aError\n aError = bError\n bError = aError\n logger.error(aError) }',
  ),
  'loggers that are made of each other': handler(
    'const a = b.child()\n const b = a.child()\n a.info(`x y ${id}`)',
  ),
  'a function that calls itself': handler(
    'await work().catch(() => bad(1))\n function bad(x) { return bad(x) }\n try { await bad() } catch {}',
  ),
}
