import { presetNames, presets, rulesOf } from './configs.js'
import type { RuleLevel } from './types.js'

/** What an `.oxlintrc.json` extends. */
export interface OxlintConfig {
  readonly jsPlugins: readonly string[]
  readonly rules: Record<string, RuleLevel>
  readonly overrides: readonly {
    readonly files: readonly string[]
    readonly rules: Record<string, RuleLevel>
  }[]
}

/** The same levels in the same files as `telltale.configs` has. The plugin's path is one from where the file lies. */
export function oxlintConfig(name: 'recommended' | 'strict', plugin: string): OxlintConfig {
  return {
    jsPlugins: [plugin],
    rules: rulesOf(name),
    overrides: presetNames.map((preset) => ({ files: presets[preset].files, rules: rulesOf(preset) })),
  }
}
