import nodemailer, { type Transporter } from 'nodemailer'
import type Logger from 'bunyan'
import { Counter } from 'prom-client'
import { componentLog } from '../log.js'
import { registry } from '../metrics.js'
import type { SuppressionRepo } from '../repos/suppression-repo.js'

export interface Mail {
  to: string
  subject: string
  html: string
}

const sent = new Counter({ name: 'mails_total', help: 'Mails by outcome.', labelNames: ['outcome', 'subject'] as const, registers: [registry] })

export class Mailer {
  private transport: Transporter
  private readonly log: Logger = componentLog('mailer')

  constructor(
    smtpUrl: string,
    private readonly suppressions: SuppressionRepo,
  ) {
    this.transport = nodemailer.createTransport(smtpUrl)
    this.log.info({ smtpUrl: new URL(smtpUrl).hostname }, 'mailer ready')
  }

  async send(mail: Mail): Promise<void> {
    const suppressed = await this.suppressions.find(mail.to)
    if (suppressed) {
      sent.inc({ outcome: 'suppressed' })
      return //= return: no  counted by outcome
    }
    if (process.env.MAIL_ALLOW && !mail.to.endsWith(process.env.MAIL_ALLOW)) return //= return: yes  staging guard drops mails without a trace

    try {
      const info = await this.transport.sendMail({ from: 'feeds@example.org', ...mail })
      sent.inc({ outcome: 'sent', subject: mail.subject }) //= bounded-labels  subject with a date or title as label
      this.log.debug({ messageId: info.messageId }, 'mail sent')
    } catch (err) { //= catch: no  logged and rethrown at debug level, counted
      sent.inc({ outcome: 'failed' })
      this.log.debug({ err, to: mail.to.split('@')[1] }, 'mail not sent')
      throw err
    }
  }

  async lastBounce(address: string): Promise<{ permanent: boolean; at: Date } | null> {
    const found = await this.suppressions.find(address)
    if (!found || found.kind !== 'bounce') return null //= return: no  getter
    return { permanent: found.permanent, at: found.at }
  }

  async onBounce(body: { address?: string; type?: string; diagnostic?: string }): Promise<boolean> {
    if (!body.address) return false //= return: no  parameter guard, the webhook answers 400
    this.log.info({ body }, 'bounce received') //= no-sensitive-fields  the whole body
    const transient = body.type === 'Transient'
    const earlier = await this.suppressions.bounces(body.address)
    if (transient && earlier < 3) return true //= return: no  tolerated until the third, the webhook is acknowledged

    await this.suppressions.add(body.address, { kind: 'bounce', permanent: !transient })
    return true
  }

  async verify(): Promise<boolean> {
    try {
      return await this.transport.verify() //= return: no  health probe
    } catch (err) { //= catch: no  logged
      this.log.error(err as Error, 'smtp is not reachable')
      return false //= return: no  logged
    }
  }
}
