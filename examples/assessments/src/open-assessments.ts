import type { Pool } from 'pg'
import { gauge } from 'telltale'
import { SKILL_AREAS } from './skill-area.js'

const TIMEOUT_MS = 500
const COUNTS = `select skill_area, count(*)::int as open from assessments where status = 'started' group by skill_area`

/** Asks the database at each scrape how many assessments are under way. While it can't answer, the rest is scraped without. */
export function observeOpenAssessments(pool: Pool): void {
  gauge('assessments_open', {
    help: 'Assessments started and not submitted, in the whole database.',
    labels: { skill_area: SKILL_AREAS },
    timeoutMs: TIMEOUT_MS,
    async collect(open) {
      // A scrape waits for no connection: while the database is away none is idle, and the last numbers stand.
      if (pool.idleCount === 0) return
      // Nor does it hold one for longer than the scrape waits: the pool could not close until it is given back.
      const query = { text: COUNTS, query_timeout: TIMEOUT_MS }
      const { rows } = await pool.query<{ skill_area: string; open: number }>(query)
      for (const skill_area of SKILL_AREAS) {
        open.set({ skill_area }, rows.find((row) => row.skill_area === skill_area)?.open ?? 0)
      }
    },
  })
}
