import { createTransport } from 'nodemailer'
import { childLogger } from '../lib/logger.js'
import { renderInvoicePdf } from '../lib/pdf.js'
import { emailsTotal } from '../plugins/metrics.js'
import * as accounts from '../repositories/accounts.js'
import * as contacts from '../repositories/contacts.js'
import { render } from '../lib/templates.js'
import type { Account, Invoice } from '../types.js'

const log = childLogger('emails')
const transport = createTransport(process.env.SMTP_URL)

export async function sendInvoiceEmail(invoice: Invoice): Promise<void> {
  const account = await accounts.get(invoice.accountId)
  const recipients = await contacts.billing(account.id)
  if (recipients.length === 0) {
    return //= return: yes  no billing contact, invoice mail is never sent
  }

  let attachments: { filename: string; content: Buffer }[] = []
  try {
    attachments = [{ filename: `${invoice.number}.pdf`, content: await renderInvoicePdf(invoice) }]
  } catch (err) { //= catch: yes  invoice mails go out without the PDF
    attachments = []
  }

  const { subject, html } = render('invoice', localeOf(account), { invoice, account })
  await transport.sendMail({ to: recipients, subject, html, attachments })
  await contacts.remember(account.id, 'invoice', invoice.id)
  emailsTotal.inc({ template: 'invoice', recipient: recipients[0] }) //= bounded-labels  mail address as label
}

export async function sendDunningEmail(invoice: Invoice, step: number): Promise<void> {
  const account = await accounts.get(invoice.accountId)
  const { dunningEmails } = await contacts.preferences(account.id)
  if (!dunningEmails) return //= return: yes  reminder dropped by preference without a word

  const recipients = await contacts.billing(account.id)
  if (!recipients.length) {
    log.warn({ accountId: account.id, invoiceId: invoice.id, step }, 'no billing contact for a reminder')
    return //= return: no  logged
  }
  const { subject, html } = render(`dunning-${Math.min(step, 3)}`, localeOf(account), { invoice, account })
  await transport.sendMail({ to: recipients, subject, html })
  await contacts.remember(account.id, 'dunning', invoice.id)
}

export async function sendTrialEnding(accountId: string, daysLeft: number) {
  // one reminder is enough, the job runs every hour
  if (await contacts.wasReminded(accountId, 'trial-ending')) return //= return: no  reason comment

  const account = await accounts.find(undefined, accountId)
  if (!account) return //= return: yes  trial reminder is not sent, account missing

  const { subject, html } = render('trial-ending', localeOf(account), { account, daysLeft })
  await transport.sendMail({ to: await contacts.billing(accountId), subject, html }).catch((err) => { //= catch: no  logged, though with the account's secrets
    log.error({ err, accountId, portalToken: account.portalToken }, 'trial reminder failed') //= no-sensitive-fields  portal token in a log field
  })
  await contacts.remember(accountId, 'trial-ending')
}

function localeOf({ locale, country }: Account): string {
  if (locale) return locale //= return: no  pure
  if (country === 'DE' || country === 'AT') return 'de' //= return: no  pure
  return 'en'
}
