import type { Command, Terminal } from '../command.js'

/** `telltale generate`: a Grafana dashboard or Prometheus alert rules from metric definitions. */
export const generate = {
  name: 'generate',
  summary: 'makes a Grafana dashboard or Prometheus alert rules from metric definitions',
  async run(args: readonly string[], terminal: Terminal) {
    // Loaded here alone: the other commands start without it.
    const { make } = await import('./make.js')
    return make(args, terminal)
  },
} satisfies Command<'generate'>
