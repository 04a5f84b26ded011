import { basename } from 'node:path'

// Measured with npm 11: 2 ms after the first.
const maxMs = 200

/**
 * Whether a signal is the one before it, told a second time: Ctrl-C and service managers tell a whole process group, and
 * npm passes on to a script that it runs without a shell between (`"start": "exec node server.js"`) what that has had already.
 */
export function isEcho(
  signal: string,
  before: { readonly signal: string; readonly at: number },
  now: number,
  run: Pick<NodeJS.Process, 'env' | 'argv' | 'cwd'> = process,
): boolean {
  return signal === before.signal && now - before.at < maxMs && isScriptOfNpm(run)
}

/** A process that a script has started, a test say, has its variables, too. */
function isScriptOfNpm({ env, argv, cwd }: Pick<NodeJS.Process, 'env' | 'argv' | 'cwd'>): boolean {
  const script = env['npm_lifecycle_script']
  const program = argv[1]
  if (script === undefined || program === undefined) return false
  return program === cwd() || script.includes(basename(program).replace(/\.\w+$/, ''))
}
