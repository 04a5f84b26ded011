import { manifests, readText } from './tools.mjs'

const table = 'docs/dependencies.md'

export async function check() {
  const used = new Map()
  const own = new Set(manifests().map(({ name }) => name))
  for (const { path, dependencies, devDependencies, peerDependencies, optionalDependencies } of manifests()) {
    for (const name of Object.keys({
      ...dependencies,
      ...devDependencies,
      ...peerDependencies,
      ...optionalDependencies,
    }))
      if (!own.has(name)) used.set(name, path)
  }
  const explained = new Set([...readText(table).matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name))
  const sdk = manifests().find(({ name }) => name === 'telltale')
  const runtime = Object.keys(sdk.dependencies ?? {}).filter((name) => name !== '@opentelemetry/api')
  const hosts = readText('package-lock.json').match(/"resolved": "(?:https?|git)[^"]*"/g) ?? []
  return {
    note: `${used.size} explained`,
    problems: [
      ...[...used].flatMap(([name, path]) =>
        explained.has(name) ? [] : [`${name} (${path}) has no line in ${table}`],
      ),
      ...[...explained].flatMap((name) =>
        used.has(name) ? [] : [`${table} explains ${name}, which nothing depends on`],
      ),
      ...runtime.map(
        (name) => `the SDK has the runtime dependency ${name}: it may have none but @opentelemetry/api`,
      ),
      ...hosts
        .slice(0, 3)
        .map((line) => `package-lock.json names a host: ${line}. Install with this repository's .npmrc.`),
    ],
  }
}
