import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { rules } from '../src/rules/registry.js'
import { brokenEditsOf, editsOf, findsIn, type Source } from './support/edits.js'

// Two runs over hundreds of files, beside other suites.
vi.setConfig({ testTimeout: 240_000 })

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

// The most that each rule can be asked to look at.
const all = {
  ...Object.fromEntries(Object.keys(rules).map((id) => [`telltale/${id}`, 'error'])),
  'telltale/no-silent-return': ['error', { level: 'strict' }],
  'telltale/structured-event': ['error', { names: 'all' }],
}

test('every fix and suggestion in the labelled corpus leaves code that is as sound as before', () => {
  const files = sourcesBelow('bench/lint/corpus', 1000).filter(
    ({ filename }) => !filename.includes('held-out-4'),
  )
  expect(brokenIn(files, 200)).toEqual([])
})

// Strangers' code in which a logger of each form is in sight.
const loggers = {
  pino: ["import pino from 'pino'; const logger = pino(); ", "const logger = require('pino')(); "],
  telltale: [
    "import { getLogger } from 'telltale'; const logger = getLogger('x'); ",
    "const logger = require('telltale').getLogger('x'); ",
  ],
  winston: ["import logger from 'winston'; ", "const logger = require('winston'); "],
} as const

const places = [
  'packages/eslint-plugin/test/syntax',
  'packages/telltale/src',
  'examples/assessments/src',
  'node_modules/express',
  'node_modules/fastify/lib',
  'node_modules/pino/lib',
  'node_modules/winston',
  'node_modules/prom-client',
  'node_modules/pg',
  'node_modules/undici/lib',
  'node_modules/@sentry/core/build/esm',
]

test.each(Object.entries(loggers))('and in strangers’ code, for %s', (_name, [module, script]) => {
  const files = places.flatMap((place) => sourcesBelow(place, 25)).filter(({ code }) => code.length < 20_000)
  const withLogger = files.map((source) => ({
    ...source,
    code: (source.language === 'cjs' ? script : module) + source.code.replace(/^#!/, '//'),
  }))
  expect(brokenIn(withLogger, 50)).toEqual([])
})

// One for each way that an edit beside it could go wrong.
const handlers = [
  'send(id).catch(() => (null))',
  'send(id).catch(() => (a, b))',
  'send(id).catch(() => /* x */ null)',
  'send(id).catch(() => (null /* x */))',
  'send(id).catch(() => ({}))',
  'send(id).catch((() => undefined))',
  'send(id).catch(async () => void 0)',
  'send(id).catch(<T = (x: number) => void>() => null)',
  'send(id).catch((noop))',
  'send(id).then(next, () => [])',
  "send(id).catch(function () { 'use strict'; return null })",
  'send(id).catch(function (this: Job) { return null })',
  'send(id).catch(function* named() { return null })',
  'try { await send(id) } catch { return null }',
  'try { await send(id) } catch{}',
  'try { await send(id) } catch /* x */ { /* y */ return }',
  'try { await send(id) } catch // x\n  { // y\n    return\n  }',
  'try { await send(id) } catch {\n    // y\n    [a] = [b]\n  }',
  'try { await send(id) } catch {\n    (a ?? b).c()\n  }',
  'try { await send(id) } catch ({ message }) { return message.length }',
  "try { await send(id) } catch (e) { for (const e of all) logger.warn('not sent') }",
  "try { await send(id) } catch (e) { logger.warn(('not sent')) }",
  "try { await send(id) } catch (e) { logger.warn('not sent',) }",
  "try { await send(id) } catch (e) { logger.warn('not sent', { err: 1, error: 2 }) }",
  "try { await send(id) } catch (e) { logger.warn({ ...tags, }, 'not sent') }",
  "try { await send(id) } catch (e) { throw new Error(('not sent')) }",
  "try { await send(id) } catch (e) { throw new Error('not sent', ) }",
  'try { await send(id) } catch (e) { throw new Error(`not sent ${id}` /* x */) }',
  'try { await send(id) } catch (e) { logger.error({ err: e.code, reason: e.message }) }',
  'try { await send(id) } catch (e) { logger.error({ reason: /* x */ e.message }) }',
]
const returns = [
  'if (!found) return',
  'if (!found) return // x',
  'if (!found) /* x */ return /* y */ null',
  'if (!found) return; else found.seen = true',
  'if (!found) { return }',
  'if (!found) {\n    // x\n    return\n  }',
  'if (!found) return\n  ;[a] = [b]',
  'if (found) seen(id)\n  else return',
  'if (!found) return (a, b)',
  'if (!found) return (\n    null\n  )',
  'outer: if (!found) return',
  'switch (found?.kind) { case 1: const userId = found.id; break; case 2: if (!found) return }',
  'switch (found?.kind) { case 1: return; default: a() }',
  'const ok = all.map((each) => { if (!found) return; const logger = each.log; each.orderId = id })\n  if (!found) return',
  'if (order) a(order.id); all.map(() => order.orderId); order?.b(order.c.id); if (!found) return',
  'while (order) a(order.id); try { a(order.orderId) } catch (e) { throw e } if (!found) return',
]
const texts = [
  '${_}',
  '${this}',
  '${_2fa}',
  '${$}',
  '${名}',
  '${level} ${msg}',
  '${name}',
  '${id /* x */}',
  '${a.b.id} ${a?.c}',
  '${a[0]}',
  '${a()}',
  '${this.#id} ${super.id}',
  '${id}: ${id}',
  '"${id}"',
  "it's ${id}",
  '${class {}}',
  '${(a, b)}',
].flatMap((hole) => [
  `logger.info(\`order was sent ${hole}\`)`,
  `logger.info((\`order was sent ${hole}\`))`,
  `logger.info({ ...tags }, \`order was sent ${hole}\`)`,
  `logger.info({ 'id': 1, [key]: 2, }, \`order was sent ${hole}\`)`,
  `logger.info(\`order was sent ${hole}\`, { 'id': 1, /* x */ })`,
  `logger.exception(\`order was sent ${hole}\`, (e))`,
  `logger.exception(\`order was sent ${hole}\`, ...e)`,
])

test.each(Object.entries(loggers))('and in code that is hard to edit, for %s', (_name, [module]) => {
  const prelude = [module, module.replaceAll("'", '"')]
  const statements = [...handlers, ...returns, ...texts]
  const files = prelude.flatMap((first) =>
    statements.map((statement): Source => {
      const text = first.includes('"') ? statement.replace(/'([^'"`]*)'/g, '"$1"') : statement
      const code = `${first}
class Jobs extends Base {
  #id = 1
  async run(id: string, order?: Order) {
    const found = await this.store.find(id)
    ${text}
    await mailer.send(found)
  }
}`
      return { code, language: 'ts', rules: all, filename: `src/${statement.replace(/\W+/g, '_')}.ts` }
    }),
  )
  expect(brokenIn(files, 60)).toEqual([])
})

function brokenIn(files: readonly Source[], fewest: number): string[] {
  let count = 0
  const broken = files.flatMap((source) => {
    const { messages, soundness } = findsIn(source)
    const edits = editsOf(messages)
    count += edits.length
    return brokenEditsOf(source, edits, soundness)
  })
  expect(count).toBeGreaterThan(fewest)
  return broken
}

function sourcesBelow(folder: string, most: number): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$|(^|\/)(node_modules|dist)\//.test(path))
    .toSorted()
    .slice(0, most)
    .map((path) => {
      const code = readFileSync(join(root, folder, path), 'utf8').replace(/[ \t]*\/\/=.*$/gm, '')
      return {
        code,
        language: languageOf(path, code),
        rules: all,
        // ESLint passes over what is in a folder of that name.
        filename: join(folder, path).replace(/^node_modules/, 'strangers'),
      }
    })
}

function languageOf(path: string, code: string): Source['language'] {
  if (/[jt]sx$/.test(path)) return 'tsx'
  if (path.endsWith('ts')) return 'ts'
  return /^(?:import|export)\b/m.test(code) ? 'js' : 'cjs'
}
