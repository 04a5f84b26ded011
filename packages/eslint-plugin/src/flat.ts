import { presetNames, type PresetName, presets, rulesOf } from './configs.js'
import type { Config, Configs, Plugin } from './types.js'

/** For `eslint.config.js`. */
export function flatConfigs(plugin: Omit<Plugin, 'configs'>): Configs {
  // In each of them: a config that stands alone would name rules that ESLint does not know.
  const plugins = { telltale: plugin as never }
  const preset = (name: PresetName): Config => ({ name: `telltale/${name}`, plugins, rules: rulesOf(name) })
  const whole = (name: 'recommended' | 'strict'): Config[] => [
    { name: `telltale/${name}`, plugins, rules: rulesOf(name) },
    ...presetNames.map((each) => ({ ...preset(each), files: [...presets[each].files] })),
  ]
  return {
    recommended: whole('recommended'),
    strict: whole('strict'),
    tests: preset('tests'),
    scripts: preset('scripts'),
    migrations: preset('migrations'),
  }
}
