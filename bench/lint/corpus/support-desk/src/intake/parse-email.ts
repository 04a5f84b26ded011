import { simpleParser, type ParsedMail } from 'mailparser'

export interface Intake {
  messageId: string
  from: string
  to: string[]
  subject: string
  text: string
  references: string[]
  auto: boolean
  attachments: ParsedMail['attachments']
}

const QUOTE = /^(>|On .+ wrote:|Am .+ schrieb .+:|-{2,} ?Original)/m
const TICKET = /\[#(\d{4,})\]/

export function ticketNumber(subject: string): number | null {
  const match = TICKET.exec(subject)
  if (!match) return null //= return: no  parser
  return Number(match[1])
}

export function stripQuote(text: string): string {
  const at = text.search(QUOTE)
  if (at < 0) return text.trim() //= return: no  parser
  const own = text.slice(0, at).trim()
  // someone answered below the quote
  if (own === '') return text.trim() //= return: no  parser, commented
  return own
}

export function isAutomatic(mail: ParsedMail): boolean {
  const submitted = mail.headers.get('auto-submitted')
  if (submitted && submitted !== 'no') return true //= return: no  predicate
  if (mail.headers.has('x-autoreply') || mail.headers.has('x-autorespond')) return true //= return: no  predicate
  return /^(bulk|junk|auto_reply)$/.test(String(mail.headers.get('precedence') ?? ''))
}

export async function parseEmail(raw: Buffer): Promise<Intake | null> {
  const mail = await simpleParser(raw)
  const from = mail.from?.value[0]?.address
  if (!from || !mail.messageId) return null //= return: no  parser, null means unusable to its caller
  const to = [mail.to ?? []].flat().flatMap((field) => field.value.map((one) => one.address ?? ''))
  return {
    messageId: mail.messageId,
    from: from.toLowerCase(),
    to,
    subject: mail.subject ?? '',
    text: stripQuote(mail.text ?? ''),
    references: [mail.references ?? []].flat(),
    auto: isAutomatic(mail),
    attachments: mail.attachments,
  }
}
