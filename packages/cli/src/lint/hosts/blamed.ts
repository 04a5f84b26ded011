import { relative } from 'node:path'

/** What an error says and, where its message leaves it out, the configuration that it is about. */
export function blamed(
  { name, message, stack = '' }: Error,
  config: string | undefined,
  folder: string,
): string {
  if (config === undefined || message.includes(config)) return message
  const file = relative(folder, config)
  // What can't be parsed has no place in the stack: it may be what the configuration imports.
  if (name === 'SyntaxError') return `${message} (in ${file}, or what it imports)`
  const after = stack.split(config, 2)[1] ?? ''
  const line = /^(?:\?[^:]*)?:(\d+)/.exec(after)?.[1]
  return line === undefined ? message : `${message} (${file}:${line})`
}
