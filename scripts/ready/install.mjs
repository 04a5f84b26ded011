import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from './progress.mjs'
import { root } from './root.mjs'
import { run } from './run.mjs'

const unreachable =
  /^(ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EHOSTUNREACH|ENETUNREACH|ENOTCACHED|.*CERT.*|FETCH_ERROR)$/

/**
 * Whether node_modules holds what package-lock.json asks for, however it got there. npm keeps its own account of what it
 * installed in node_modules/.package-lock.json, written last: an install cut short has none.
 */
export function isInstalled() {
  const account = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(account)) return false
  const wanted = readJson('package-lock.json').packages
  const { packages: present } = JSON.parse(readFileSync(account, 'utf8'))
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes('node_modules/')) {
      if (!sameDependencies(entry, readJson(join(path, 'package.json')))) return false
    } else if (present[path] === undefined) {
      // A binary for another platform: npm leaves it out.
      if (!entry.optional && !entry.devOptional) return false
    } else if (present[path].version !== entry.version || present[path].integrity !== entry.integrity)
      return false
  }
  return Object.keys(present).every((path) => path in wanted)
}

/** Installs from the lockfile. Throws a `Failure` that says what is wrong. */
export async function install() {
  // npm hands its own flags down as environment variables: `npm start --silent` must not silence a failing install.
  const flags = ['--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const retries = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000']
  const { code, output } = await npm(['ci', ...flags, ...retries])
  if (code === 0) return
  const error = /npm error code (\S+)/.exec(output)?.[1]
  if (error !== undefined && unreachable.test(error))
    throw new Failure(
      `The npm registry can't be reached (${error}).\n` +
        'The first run installs what package-lock.json lists and needs the network; later runs do not.\n' +
        'Check the connection, a proxy (npm config get proxy) and the registry (npm config get registry),\n' +
        `then run the command again.\n\n${firstLines(output, 4)}`,
    )
  if (error === 'EUSAGE')
    throw new Failure(
      `package-lock.json and a package.json do not agree: run npm install once, commit both.\n\n${output.trim()}`,
    )
  throw new Failure(`npm ci failed${error ? ` (${error})` : ''}:\n\n${output.trim()}`)
}

/** Runs npm: the one that runs this command, else the one beside this Node. */
export function npm(args, options) {
  const { npm_execpath: started } = process.env
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')
  const cli = [started, beside].find((file) => file?.endsWith('npm-cli.js') && existsSync(file))
  return cli === undefined ? run('npm', args, options) : run(process.execPath, [cli, ...args], options)
}

function firstLines(text, count) {
  return text.trim().split('\n').slice(0, count).join('\n')
}

function sameDependencies(locked, manifest) {
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].every((field) => {
    const [a, b] = [locked[field] ?? {}, manifest[field] ?? {}]
    return (
      Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((name) => a[name] === b[name])
    )
  })
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}
