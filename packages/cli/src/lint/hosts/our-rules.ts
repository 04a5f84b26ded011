import { NoVerdict } from '../no-verdict.js'

/** The rules of ours that a host names in a message, without the prefix. */
function ourRulesIn(message: string): string[] {
  return [...message.matchAll(/(?<![\w@/-])telltale\/([\w-]+)/g)].map(([, rule = '']) => rule)
}

/** Which a comment names for nothing, by the message that says so; none for all that it names, nothing for those of others. */
export function unusedIn(message: string): readonly string[] | undefined {
  const [, names] = /\(no problems were reported(?: from (.*))?\)/.exec(message) ?? [undefined, '']
  if (names === undefined) return []
  const rules = ourRulesIn(names)
  return rules.length === 0 ? undefined : rules
}

/** One that ends a suppression too, of which nothing more is told. */
export function isUnused(message: string): boolean {
  return /^Unused (?:eslint|oxlint)-(?:dis|en)able /.test(message)
}

export function underOtherName(name: string): NoVerdict {
  return new NoVerdict(
    `the configuration names eslint-plugin-telltale "${name}". Name it "telltale", as comments, baselines and this command do: telltale/no-silent-catch for ${name}/no-silent-catch.`,
  )
}
