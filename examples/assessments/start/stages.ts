import type { Child } from './child.js'
import { startChild } from './child.js'
import type { Crew } from './crew.js'
import type { Flags } from './flags.js'
import { checkPort, launch, untilReady } from './launch.js'
import type { Observation } from './observation.js'
import type { Output } from './output.js'
import type { Screen } from './screen.js'

/** What one run is made with. */
export interface Stage {
  flags: Flags
  runId: string
  screen: Screen
  output: Output
  observation: Observation
  crew: Crew
  stop: AbortSignal
}

/** How often what is meant to fail does; each can be set from outside. All of it fails early once, for a short run. */
const RATES = { DECLINE_RATE: '0.15', FAIL_RATE: '0.15', TIMEOUT_RATE: '0.15', FAULT_RETAKE_RATE: '0.5' }
// The service may take 28 s of the 30 that an orchestrator gives it.
const GRACE_MS = { database: 10_000, gateway: 5_000, service: 28_000, traffic: 25_000 }
// Whatever the terminal is like: the runner reads the log, and needs every event from info up.
const LOG = { LOG_FORMAT: 'json', LOG_LEVEL: 'info' }

/** Starts the database, unless DATABASE_URL names one, then the gateway, then the service; each when the last is up. */
export async function startService(stage: Stage): Promise<{ service: Child; url: string }> {
  const { flags, screen, output, crew, stop } = stage
  if (flags.port !== 0) await checkPort(flags.port)
  const rates: Record<string, string> = { FAULTS_FIRST: '1' }
  for (const [name, rate] of Object.entries(RATES)) rates[name] = process.env[name] ?? rate

  const databaseUrl = await startDatabase(stage)
  const gatewayUp = step(screen, 'gateway', 'the payment gateway, unreliable at set rates')
  const { url: gatewayUrl } = await launch(
    {
      name: 'gateway',
      entry: 'gateway/gateway.js',
      env: { ...rates, ...LOG, PORT: '0', SEED: String(flags.seed + 1) },
      announced: (line) => line['url'],
      quietly: true,
      onStdout: output.gateway,
      onStderr: output.stderr('gateway'),
      graceMs: GRACE_MS.gateway,
    },
    crew,
    stop,
  )
  await gatewayUp(gatewayUrl)

  const serviceUp = step(screen, 'service', 'the backend, with its migrations')
  const { child: service, url } = await launch(
    {
      name: 'service',
      entry: 'src/service.js',
      env: {
        ...rates,
        ...LOG,
        FAULT_SEED: String(flags.seed + 2),
        HOST: '127.0.0.1',
        PORT: String(flags.port),
        DATABASE_URL: databaseUrl,
        SEED_DEMO: '1',
        GATEWAY_URL: gatewayUrl,
      },
      announced: (line) => (line['event'] === 'service_listening' ? line['url'] : undefined),
      onStdout: output.service,
      onStderr: output.stderr('service'),
      graceMs: GRACE_MS.service,
    },
    crew,
    stop,
  )
  await untilReady(url, crew, stop)
  await serviceUp(url)
  return { service, url }
}

async function startDatabase({ flags, screen, observation, crew, stop }: Stage): Promise<string> {
  const own = process.env['DATABASE_URL']
  if (own) {
    await screen.note('database', `${hostOf(own)}, from DATABASE_URL`)
    return own
  }
  const up = step(screen, 'database', 'embedded PostgreSQL (seconds, the first time)')
  const { url } = await launch(
    {
      name: 'database',
      entry: 'database/embedded.js',
      env: { PORT: '0' },
      announced: (line) => line['url'],
      quietly: true,
      onStdout: (line) => observation.otherText(line, 'the database’s stdout'),
      onStderr: (line) => observation.otherText(line, 'the database’s stderr'),
      graceMs: GRACE_MS.database,
      // With traffic, nothing that follows would agree; alone, the service shows what it does then.
      ...(flags.serviceOnly && { onDied: (how) => void screen.say(withoutDatabase(how, screen)) }),
    },
    crew,
    stop,
  )
  await up(`embedded PostgreSQL at ${hostOf(url)}`)
  return url
}

const withoutDatabase = (how: string, { paint }: Screen): string =>
  `\n  ${paint.red('✗')} ${how}\n    The service goes on without it: /health/ready and its log say how.\n`

/** Starts the generator; it sends until it is ended. */
export function startTraffic({ flags, runId, observation, output, crew }: Stage, url: string): Child {
  const args = ['--url', url, '--seed', String(flags.seed), '--run', runId]
  return crew.add(
    startChild({
      name: 'traffic',
      entry: new URL('../traffic/traffic.js', import.meta.url),
      args,
      onStdout: observation.trafficLine,
      onStderr: output.stderr('traffic'),
    }),
    GRACE_MS.traffic,
  )
}

function step(screen: Screen, name: string, what: string): (done: string) => Promise<void> {
  const begun = performance.now()
  const done = screen.begin(name, what)
  return (text) => done(text, performance.now() - begun)
}

/** Without user and password: this goes to the terminal. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'the given server')
