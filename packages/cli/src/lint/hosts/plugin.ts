import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export const pluginName = 'eslint-plugin-telltale'

/** The names of the rules that code in this folder gets, without the prefix. */
export async function rulesIn(folder: string): Promise<ReadonlySet<string>> {
  const entry = createRequire(join(folder, 'any.js')).resolve(pluginName)
  const plugin = (await import(pathToFileURL(entry).href)) as { default: { rules: object } }
  return new Set(Object.keys(plugin.default.rules))
}
