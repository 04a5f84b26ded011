import cron from 'node-cron'
import { withLock } from '../db/knex.js'
import { createLogger } from '../lib/log.js'
import { sendPending } from '../services/payslip-mailer.js'
import { uploadPending } from '../bank/sepa-export.js'
import { syncTaxCards } from '../services/tax-cards.js'
import { remindMissingTimes, remindContractEnds } from './reminders.js'
import { jobDuration, jobFailures } from '../services/metrics.js'

const log = createLogger('cron')
const tasks = []

function job(name, expression, work) {
  const task = cron.schedule(expression, async () => {
    const stop = jobDuration.startTimer({ job: name })
    try {
      const { ran } = await withLock(`cron:${name}`, work)
      if (!ran) return //= return: no  another instance runs the job, routine on every tick
      log.info({ job: name }, 'job finished')
    } catch (err) { //= catch: no  logged
      jobFailures.inc({ job: name })
      log.error({ err, job: name }, 'job failed')
    } finally {
      stop()
    }
  })
  tasks.push(task)
}

export function startJobs() {
  if (process.env.DISABLE_CRON === '1') {
    console.log('cron disabled') //= no-console  console in production code
    return //= return: no  said on the console
  }
  if (tasks.length > 0) return //= return: no  started before
  job('payslips', '*/5 * * * *', () => sendPending())
  job('bank-upload', '*/10 6-18 * * 1-5', uploadPending)
  job('tax-cards', '15 3 * * *', syncTaxCards)
  job('missing-times', '0 9 * * 1', remindMissingTimes)
  job('contract-ends', '0 8 * * *', remindContractEnds)
  log.info({ jobs: tasks.length }, 'cron started')
}

export async function stopJobs() {
  for (const task of tasks) {
    try {
      task.stop()
    } catch { //= catch: no  best effort with a comment
      // the process ends anyway
    }
  }
}
