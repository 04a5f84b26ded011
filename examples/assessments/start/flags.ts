import { parseArgs } from 'node:util'

export interface Flags {
  /** Traffic time; without it the run lasts until Ctrl-C. */
  seconds: number | undefined
  seed: number
  /** The service's port, 0 for a free one. */
  port: number
  serviceOnly: boolean
  json: boolean
  help: boolean
}

export const USAGE = `usage: npm start -- [flags]

  --seconds N      end by itself after N seconds of traffic, with a summary
  --service-only   database, gateway and service, no traffic
  --json           log to a file, one JSON object on stdout at the end
  --seed N         choose other traffic (a whole number, 1 unless told)
  --port N         the service's port (a free one unless told)
  --help           this text

  DATABASE_URL=postgres://…  uses a PostgreSQL server instead of the embedded one
  DATA_DIR=folder            keeps the embedded one's data there (examples/assessments/.telltale/data)
  Ctrl-C drains and ends everything, a second one at once
  Exit codes: 0 all agreed, 1 something did not, 2 a bad flag, 130 stopped while starting or at once
`

/** Reads the command line. Throws, naming the flag, on one that is unknown or has a bad value. */
export function parseFlags(argv: readonly string[]): Flags {
  const { values } = parse(argv)
  const whole = (name: 'seed' | 'port', least: number, most: number, otherwise: number): number => {
    const text = values[name]
    if (text === undefined) return otherwise
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new Error(`--${name} takes a whole number from ${least} to ${most}, got ${JSON.stringify(text)}.`)
  }
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds)
  if (
    seconds !== undefined &&
    !(/^[\d.]+$/.test(values.seconds ?? '') && seconds >= 1 && seconds <= 86_400)
  ) {
    throw new Error(`--seconds takes a number from 1 to 86400, got ${JSON.stringify(values.seconds)}.`)
  }
  return {
    seconds,
    seed: whole('seed', 0, Number.MAX_SAFE_INTEGER, 1),
    port: whole('port', 0, 65_535, 0),
    serviceOnly: values['service-only'] ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: withNegatives(argv),
      options: {
        seconds: { type: 'string' },
        seed: { type: 'string' },
        port: { type: 'string' },
        'service-only': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    // Node's text goes on about positional arguments, or dashes, after the first sentence.
    const [first] = (error as Error).message.split(/\.\s/, 1)
    throw new Error(`${first}. npm start -- --help lists the flags.`, { cause: error })
  }
}

// "--seconds -3" is a bad number here; Node takes -3 for a flag, and says so in three lines.
const withNegatives = (argv: readonly string[]): string[] =>
  argv.reduce<string[]>((args, text) => {
    const last = args.at(-1)
    if (last !== undefined && /^--[a-z]+$/.test(last) && /^-[\d.]/.test(text))
      args.push(`${args.pop()}=${text}`)
    else args.push(text)
    return args
  }, [])
