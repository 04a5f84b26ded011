import { flatConfigs } from './flat.js'
import { rules } from './rules/registry.js'
import type { Plugin } from './types.js'

declare const PLUGIN_VERSION: string | undefined

const bare = {
  meta: {
    name: 'eslint-plugin-telltale',
    // Sources that are tested have no build that says it.
    version: typeof PLUGIN_VERSION === 'string' ? PLUGIN_VERSION : '0.0.0',
    namespace: 'telltale',
  },
  rules: { ...rules },
}

const plugin: Plugin = Object.assign(bare, { configs: flatConfigs(bare) })

// The second is what `require()` gives: the plugin itself.
export { plugin as default, plugin as 'module.exports' }
