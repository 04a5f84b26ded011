import { DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { eq } from 'drizzle-orm'
import { unlink } from 'node:fs/promises'
import { db } from '../db.js'
import { attachments } from '../schema.js'
import { clam } from './clam.js'
import { logEvent, logFailure } from '../log.js'
import { download } from './download.js'
import { notifyAgent } from '../notify/agents.js'

const s3 = new S3Client({})
const MAX = 50 * 1024 * 1024

export async function scan(attachmentId: string): Promise<void> {
  const attachment = await db.query.attachments.findFirst({ where: eq(attachments.id, attachmentId), with: { ticket: true } })
  if (!attachment) return //= return: yes  scan job without its attachment
  if (attachment.scannedAt) return //= return: no  idempotent
  if (attachment.size > MAX) return //= return: yes  big files are never scanned and nothing marks them
  const path = await download(s3, new GetObjectCommand({ Bucket: attachment.bucket, Key: attachment.key }))
  try {
    const { infected, viruses } = await clam.check(path)
    if (!infected) {
      await db.update(attachments).set({ scannedAt: new Date(), clean: true }).where(eq(attachments.id, attachmentId))
      return //= return: no  branch done
    }
    logEvent('attachment_infected', { attachmentId, ticketId: attachment.ticketId, viruses })
    await s3.send(new DeleteObjectCommand({ Bucket: attachment.bucket, Key: attachment.key }))
    await db.update(attachments).set({ scannedAt: new Date(), clean: false }).where(eq(attachments.id, attachmentId))
  } catch (error) { //= catch: no  logged, although the error only as text
    logFailure('scan_failed', `${error}`, { attachmentId }) //= error-with-context  error in an interpolated string
    return //= return: no  logged
  } finally {
    await unlink(path).catch(() => undefined) //= catch: maybe  cleanup of a temporary file, without a comment
  }
  const { assigneeId } = attachment.ticket
  if (assigneeId === null) return //= return: no  nobody assigned yet, the infection is logged above
  await notifyAgent(assigneeId, 'mentioned', { ticketId: attachment.ticketId, infected: true })
}

export async function purge(ticketId: string): Promise<number> {
  const rows = await db.query.attachments.findMany({ where: eq(attachments.ticketId, ticketId) })
  if (rows.length === 0) return 0 //= return: no  nothing to do
  let purged = 0
  for (const row of rows) {
    try {
      await s3.send(new DeleteObjectCommand({ Bucket: row.bucket, Key: row.key }))
      purged++
    } catch { //= catch: yes  files that should be erased stay, and nobody learns why
      continue
    }
    await db.delete(attachments).where(eq(attachments.id, row.id))
  }
  return purged
}
