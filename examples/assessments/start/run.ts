import { randomBytes } from 'node:crypto'
import { describe } from './child.js'
import { createCrew } from './crew.js'
import type { Flags } from './flags.js'
import { Failure, Stopped } from './launch.js'
import { createObservation } from './observation.js'
import { createOutput } from './output.js'
import { renderReport } from './report.js'
import { createScreen, type Screen } from './screen.js'
import { settle, type Settled } from './settle.js'
import { startService, startTraffic, type Stage } from './stages.js'
import type { Summary } from './summary.js'

export interface Ran {
  summary: Summary
  /** It was asked to stop before everything was up: no failure, and nothing to sum up. */
  stopped: boolean
}

/** Starts everything, runs until its time is up or `stop`, ends everything in order, and says how it went. */
export async function run(flags: Flags, stop: AbortSignal): Promise<Ran> {
  const runId = randomBytes(4).toString('hex')
  const screen = createScreen(flags)
  const observation = createObservation({ seed: flags.seed, run: runId, hasTraffic: !flags.serviceOnly })
  const output = createOutput(flags, screen, observation)
  const crew = createCrew()
  const stage: Stage = { flags, runId, screen, output, observation, crew, stop }
  const problems: string[] = []
  let seconds = 0
  let settled: Settled | undefined
  let stopped = false
  try {
    const { service, url } = await startService(stage)
    await screen.say(welcome(flags, url, screen))
    await output.release()
    const begun = performance.now()
    const traffic = flags.serviceOnly ? undefined : startTraffic(stage, url)
    const died = crew.died.then((how): never => {
      throw new Failure(how)
    })
    await Promise.race([died, timeIsUp(flags.seconds, stop)])

    await screen.say(screen.paint.dim('\n  ending: what is under way is finished first\n'))
    if (traffic) {
      const ending = await crew.end(traffic)
      if (ending.code !== 0) problems.push(`the traffic ended ${describe(ending)}`)
    }
    seconds = (performance.now() - begun) / 1_000
    settled = await Promise.race([died, settle(url, observation.telemetry)])
    observation.otherText(settled.text, 'the scrape')
    const ending = await crew.end(service)
    if (ending.code !== 0) problems.push(`the service ended ${describe(ending)}, not with exit code 0`)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    stopped = error instanceof Stopped
    problems.push(error.message)
  } finally {
    await output.release()
    await crew.endAll()
    await output.close()
  }

  const summary = observation.conclude({ seconds, settled, problems })
  if (settled) {
    await screen.say(renderReport(summary, observation.telemetry, observation.told(), screen))
  } else {
    const sign = stopped ? '' : `${screen.paint.red('✗')} `
    for (const problem of problems) await screen.say(`\n  ${sign}${problem}\n`)
  }
  return { summary, stopped }
}

function welcome({ seconds, seed, serviceOnly }: Flags, url: string, { paint }: Screen): string {
  const row = (name: string, text: string): string => `    ${name.padEnd(11)}${text}`
  const lines = [
    '',
    row('metrics', paint.cyan(`${url}/metrics`)),
    row('readiness', paint.cyan(`${url}/health/ready`)),
    row('traffic', serviceOnly ? 'none: the service is yours' : `seed ${seed}`),
    row(
      'ends',
      seconds === undefined ? 'with Ctrl-C, which drains' : `by itself in ${seconds} s, or with Ctrl-C`,
    ),
    '',
  ]
  return lines.join('\n')
}

function timeIsUp(seconds: number | undefined, stop: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const timer = seconds === undefined ? undefined : setTimeout(() => resolve(undefined), seconds * 1_000)
    const end = (): void => {
      clearTimeout(timer)
      resolve(undefined)
    }
    if (stop.aborted) end()
    else stop.addEventListener('abort', end)
  })
}
