import { NoVerdict } from '../no-verdict.js'

/** The rules of ours that a host names in a message, without the prefix. */
export function ourRulesIn(message: string): string[] {
  return [...message.matchAll(/(?<![\w@/-])telltale\/([\w-]+)/g)].map(([, rule = '']) => rule)
}

export function underOtherName(name: string): NoVerdict {
  return new NoVerdict(
    `the configuration names eslint-plugin-telltale "${name}". Name it "telltale", as comments, baselines and this command do: telltale/no-silent-catch for ${name}/no-silent-catch.`,
  )
}
