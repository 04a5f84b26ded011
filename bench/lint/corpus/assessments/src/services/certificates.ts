import { createHash } from 'node:crypto'
import { counter, flow, getLogger } from 'telltale'
import { certificateStore, type Certificate } from '../store/certificates.js'
import { renderPdf } from '../pdf.js'
import { bucket } from '../bucket.js'
import { users } from '../store/users.js'
import { mail } from '../mail.js'
import type { Attempt } from '../store/attempts.js'
import type { Assessment } from '../store/assessments.js'

const log = getLogger('certificates')
const issued = counter('certificates_issued_total', { help: 'Certificates issued.', labels: { kind: ['new', 'reissued'] } })

export function serialOf(attempt: Attempt): string {
  return createHash('sha256').update(`${attempt.id}:${attempt.userId}`).digest('hex').slice(0, 12).toUpperCase()
}

export async function issueCertificate(attempt: Attempt, assessment: Assessment): Promise<Certificate | undefined> {
  const serial = serialOf(attempt)
  const existing = await certificateStore.bySerial(serial)
  if (existing) return existing //= return: no  idempotent

  const user = await users.byId(attempt.userId)
  if (!user?.legalName) return undefined //= return: yes  no legal name, certificate is never issued

  return flow('certificate', { attempt_id: attempt.id, serial }, async (f) => {
    const pdf = await f.step('render', () => renderPdf('certificate', { name: user.legalName, assessment, serial }))
    await f.step('upload', () => bucket.put(`certificates/${serial}.pdf`, pdf), { attempts: 3 })
    const certificate = await f.step('store', () => certificateStore.create({ serial, attemptId: attempt.id }))
    issued.inc({ kind: 'new' })
    if (!user.email) return certificate //= return: yes  certificate made, mail skipped without a skip
    await f.step('mail', () => mail.send(user.email, 'certificate', { serial }))
    return certificate
  })
}

export async function revoke(serial: string, reason: string): Promise<boolean> {
  const certificate = await certificateStore.bySerial(serial)
  if (!certificate) return false //= return: no  not found, the caller answers 404
  if (certificate.revokedAt) return true //= return: no  idempotent

  await certificateStore.revoke(serial, reason)
  try {
    await bucket.remove(`certificates/${serial}.pdf`)
  } catch { //= catch: yes  a revoked certificate can still be downloaded
    return true //= return: yes  mail about the revocation is skipped too
  }
  const owner = await users.ofAttempt(certificate.attemptId)
  await mail.send(owner.email, 'certificate_revoked', { serial, reason })
  log.info('certificate_revoked', { serial, reason })
  return true
}

export async function verify(serial: string): Promise<'valid' | 'revoked' | 'unknown'> {
  if (!/^[0-9A-F]{12}$/.test(serial)) return 'unknown' //= return: no  getter
  const certificate = await certificateStore.bySerial(serial)
  if (!certificate) return 'unknown' //= return: no  getter
  return certificate.revokedAt ? 'revoked' : 'valid'
}
