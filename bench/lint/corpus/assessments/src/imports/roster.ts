import { createReadStream } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { flow, getLogger, type Flow } from 'telltale'
import { enrolments } from '../store/enrolments.js'
import { users } from '../store/users.js'
import { importStore } from '../store/imports.js'
import { mail } from '../mail.js'

interface Row {
  email: string
  name: string
  course: string
  role: 'student' | 'teacher'
}

const log = getLogger('imports.roster')

export function parseLine(line: string): Row | undefined {
  const cells = line.split(';').map((cell) => cell.trim().replace(/^"|"$/g, ''))
  if (cells.length < 3) return undefined //= return: no  parser
  const [email = '', name = '', course = '', role = 'student'] = cells
  if (!email.includes('@')) return //= return: no  parser
  return { email: email.toLowerCase(), name, course, role: role === 'teacher' ? 'teacher' : 'student' }
}

async function importRow(row: Row, invite: boolean): Promise<'new' | 'known' | undefined> {
  const course = await enrolments.courseByCode(row.course)
  if (!course) return undefined //= return: yes  row of an unknown course is left out, nobody can say which

  let user = await users.byEmail(row.email)
  if (user?.deactivatedAt) return undefined //= return: yes  deactivated person is left out of the import
  const known = user !== undefined
  user ??= await users.create({ email: row.email, name: row.name })
  await enrolments.upsert({ userId: user.id, courseId: course.id, role: row.role })
  if (!invite || known) return 'known' //= return: no  the outcome is returned

  await mail.send(row.email, 'invitation', { course: course.title }).catch(() => undefined) //= catch: yes  invitation is lost without a trace
  return 'new'
}

export async function importRoster(importId: string): Promise<void> {
  await flow('roster_import', { import_id: importId }, async (f: Flow) => {
    const job = await importStore.take(importId)
    if (!job) return //= return: yes  flow completes having imported nothing
    if (job.state === 'done') return f.skip('rows', 'imported_before') //= return: no  skip with a reason in the flow

    let [imported, skipped] = [0, 0]
    await f.step('rows', async () => {
      const lines = createInterface({ input: createReadStream(job.file) })
      for await (const line of lines) {
        const row = parseLine(line)
        const outcome = row && (await importRow(row, job.invite))
        if (outcome === undefined) skipped++
        else imported++
      }
    })
    f.set({ imported, skipped })
    await importStore.finish(importId, { imported, skipped })
    // the temporary folder is emptied every night anyway
    await unlink(job.file).catch(() => {}) //= catch: no  best-effort cleanup, commented
  })
}

export async function cancelImport(importId: string, userId: string): Promise<void> {
  const job = await importStore.find(importId)
  if (job === undefined || job.startedBy !== userId) return //= return: yes  cancel does nothing and says nothing
  if (job.state !== 'waiting') return //= return: yes  too late to cancel, the import goes on
  try {
    await importStore.cancel(importId)
    log.info('import_cancelled', { import_id: importId })
  } catch (error) { //= catch: no  rethrown, though without the cause
    throw new Error(`import ${importId} could not be cancelled`) //= error-with-context  new Error without cause
  }
}
