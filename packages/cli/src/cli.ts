import { readFileSync } from 'node:fs'
import type { Command, Terminal } from './command.js'
import { generate } from './generate/generate.js'
import { lint } from './lint/lint.js'
import { nearest } from './nearest.js'
import { pretty } from './pretty/pretty.js'
import { UsageError } from './usage-error.js'

const commandNames = ['pretty', 'generate', 'lint'] as const

const commands = { pretty, generate, lint } satisfies {
  readonly [Name in (typeof commandNames)[number]]: Command<Name>
}

/** Runs `telltale` with what stands behind it and gives the exit code: 2 for a wrong call, which it explains on stderr. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [word, ...rest] = args
    if (word === undefined) {
      terminal.stderr.write(help())
      return 2
    }
    if (word === '--help' || word === '-h' || word === 'help') {
      terminal.stdout.write(help())
      return 0
    }
    if (word === '--version' || word === '-v' || rest.includes('--version')) {
      terminal.stdout.write(`${version()}\n`)
      return 0
    }
    const name = commandNames.find((one) => one === word)
    if (name === undefined) throw unknownCommand(word)
    return await commands[name].run(rest, terminal)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    terminal.stderr.write(`${error.message}\n`)
    return 2
  }
}

function unknownCommand(word: string): UsageError {
  const meant = nearest(word, commandNames)
  const what = word.startsWith('-') ? 'option' : 'command'
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  return new UsageError(
    `telltale: unknown ${what} ${word}.${hint}\nAccepted: ${commandNames.join(', ')}, --help, --version.`,
  )
}

function help(): string {
  const lines = commandNames.map((name) => `  ${name.padEnd(10)}${commands[name].summary}`)
  return `telltale COMMAND, where COMMAND is one of:\n\n${lines.join('\n')}\n\ntelltale COMMAND --help tells more; telltale --version which this is.\n`
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return (manifest as { version: string }).version
}
