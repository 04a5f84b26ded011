import { reportOnce } from '../self/report.js'

/** The environment as the OpenTelemetry specification reads it: an empty value is none, a bad one is said once and is none. */
export class Environment {
  readonly #env: NodeJS.ProcessEnv

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env
  }

  /** The first of these that is set. */
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.#env[name]?.trim()
      if (value !== undefined && value !== '') return value
    }
    return undefined
  }

  /** `read` gives undefined for what it can't read; then the next name is asked. */
  read<T>(names: readonly string[], takes: string, read: (text: string) => T | undefined): T | undefined {
    for (const name of names) {
      const text = this.text(name)
      if (text === undefined) continue
      const value = read(text)
      if (value !== undefined) return value
      // Not what it got: it may be a secret in the wrong place.
      reportOnce(`otlp-env ${name}`, `${name} must be ${takes}; what it has is left aside.`)
    }
    return undefined
  }

  word<T extends string>(names: readonly string[], words: readonly T[]): T | undefined {
    return this.read(names, `one of ${words.join(', ')}`, (text) =>
      words.find((word) => word === text.toLowerCase()),
    )
  }

  number(names: readonly string[], least: number, most = 2 ** 31 - 1): number | undefined {
    return this.read(names, `a number from ${least} to ${most}`, (text) => {
      const number = Number(text)
      return number >= least && number <= most ? number : undefined
    })
  }

  isTrue(name: string): boolean {
    return this.word([name], ['true', 'false']) === 'true'
  }
}

/** `key=value,key=value`, percent-encoded, as the specification has headers and resource attributes; undefined where one is none. */
export function pairsOf(text: string): Record<string, string> | undefined {
  const pairs: [string, string][] = []
  for (const member of text.split(',')) {
    if (member.trim() === '') continue
    const at = member.indexOf('=')
    if (at <= 0) return undefined
    try {
      pairs.push([
        decodeURIComponent(member.slice(0, at).trim()),
        decodeURIComponent(member.slice(at + 1).trim()),
      ])
    } catch {
      return undefined
    }
  }
  return Object.fromEntries(pairs)
}
