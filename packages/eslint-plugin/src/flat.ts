import { presetNames, type PresetName, presets, rulesOf } from './configs.js'
import type { Config, ConfigName, Plugin } from './types.js'

/** For `eslint.config.js`. */
export function flatConfigs(plugin: Omit<Plugin, 'configs'>): Record<ConfigName, Config[]> {
  const plugins = { telltale: plugin as never }
  const preset = (name: PresetName): Config => ({
    name: `telltale/${name}`,
    files: [...presets[name].files],
    // Without it a config that stands alone names rules that ESLint does not know.
    plugins,
    rules: rulesOf(name),
  })
  const whole = (name: 'recommended' | 'strict'): Config[] => [
    { name: `telltale/${name}`, plugins, rules: rulesOf(name) },
    ...presetNames.map(preset),
  ]
  return {
    recommended: whole('recommended'),
    strict: whole('strict'),
    tests: [preset('tests')],
    scripts: [preset('scripts')],
    migrations: [preset('migrations')],
  }
}
