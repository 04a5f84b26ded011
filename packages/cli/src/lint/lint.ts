import type { Command, Terminal } from '../command.js'

/** `telltale lint`: the rules of eslint-plugin-telltale, held against what was there before. */
export const lint = {
  name: 'lint',
  summary: 'holds a backend to the logging rules, failing only on what is new',
  async run(args: readonly string[], terminal: Terminal) {
    // Loaded here alone: the other commands start without it.
    const { check } = await import('./check.js')
    return check(args, terminal, process.cwd())
  },
} satisfies Command<'lint'>
