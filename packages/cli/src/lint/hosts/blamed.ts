import { relative } from 'node:path'

const configuration = /([^\s()]*eslint\.config\.[cm]?[jt]s):(\d+)/

/** What an error says, and the place in a configuration that it is about, which its message leaves out. */
export function blamed({ message, stack = '' }: Error, folder: string): string {
  // Before its message, the stack of a syntax error has the place where a module could not be read.
  const [, file, line] = /^(\S[^\n]*):(\d+)\n/.exec(stack) ?? configuration.exec(stack) ?? []
  if (file === undefined || message.includes(file)) return message
  return `${message} (${relative(folder, file.replace(/^file:\/\//, ''))}:${line})`
}
