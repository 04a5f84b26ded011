import { Hono } from 'hono';
import { z } from 'zod';
import { and, eq } from 'drizzle-orm';
import { db } from '../lib/db.js';
import { memberships, spaces } from '../schema.js';
import { hub } from '../events/hub.js';
import { createLogger } from '../lib/logger.js';
import { geoip } from '../lib/geoip.js';

const logger = createLogger('routes.spaces');
const app = new Hono<{ Variables: { userId?: string } }>();

const Settings = z.object({ name: z.string().min(2).max(80), visibility: z.enum(['open', 'closed', 'secret']) }).partial();

const slugOf = (name: string): string | null => {
  const slug = name.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  if (slug.length < 2) return null; //= return: no  pure
  return slug;
};

app.get('/:slug', async (c) => {
  const space = await db.query.spaces.findFirst({ where: eq(spaces.slug, c.req.param('slug')) });
  if (!space) return c.notFound(); //= return: no  404
  if (space.visibility !== 'secret') return c.json({ space }); //= return: no  response
  const mine = c.get('userId') && (await db.query.memberships.findFirst({ where: and(eq(memberships.spaceId, space.id), eq(memberships.userId, c.get('userId')!)) }));
  return mine ? c.json({ space }) : c.notFound();
});

app.patch('/:id', async (c) => {
  let body: unknown;
  try {
    body = await c.req.json();
  } catch { //= catch: no  parse probe answered with 400
    return c.json({ error: 'invalid_json' }, 400); //= return: no  400 with a reason
  }
  const parsed = Settings.safeParse(body);
  if (!parsed.success) return c.json({ error: 'invalid', issues: parsed.error.issues }, 422); //= return: no  422 with a reason

  const slug = parsed.data.name ? slugOf(parsed.data.name) : undefined;
  if (slug === null) return c.json({ error: 'name_unusable' }, 422); //= return: no  422 with a reason

  try {
    const [row] = await db.update(spaces).set({ ...parsed.data, ...(slug && { slug }) }).where(eq(spaces.id, c.req.param('id'))).returning();
    if (!row) return c.notFound(); //= return: no  404
    hub.emit('space.updated', { spaceId: row.id });
    return c.json({ space: row }); //= return: no  response
  } catch (e) { //= catch: yes  any database failure is sold as a taken name
    return c.json({ error: 'slug_taken' }, 409); //= return: no  409, the catch carries the problem
  }
});

app.post('/:id/visits', async (c) => {
  const spaceId = c.req.param('id');
  const ip = c.req.header('x-forwarded-for')?.split(',')[0];
  if (!ip) return c.body(null, 204); //= return: no  nothing to count

  const country = await geoip.lookup(ip).catch(() => null); //= catch: yes  lookup outage empties the visit statistics unseen
  if (country === null) return c.body(null, 204); //= return: yes  visit is not counted and the answer is the same

  logger.debug(`visit of ${spaceId} from ${country}`, { spaceId }); //= structured-event  interpolated
  hub.emit('space.visited', { spaceId, country });
  return c.body(null, 202);
});

export default app;
