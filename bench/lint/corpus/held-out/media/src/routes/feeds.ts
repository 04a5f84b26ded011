import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { consola } from 'consola';
import { feedCache } from '../cache/tiered-cache';
import { channelBySlug, episodesOf, registerDownload } from '../services/channels';
import { renderRss } from '../services/rss';
import { storage } from '../lib/storage';
import { downloads } from '../lib/metrics';
import { parseRange } from '../parsers/range';

const logger = consola.withTag('feeds');
export const feeds = new Hono();

feeds.get('/:slug.xml', async (c) => {
  const slug = c.req.param('slug');
  const cached = await feedCache.get(slug);
  if (cached) {
    const etag = createHash('sha1').update(cached).digest('base64url');
    if (c.req.header('if-none-match') === etag) return c.body(null, 304); //= return: no  not modified answer
    c.header('etag', etag);
    return c.body(cached, 200, { 'content-type': 'application/rss+xml' }); //= return: no  cache hit
  }

  const channel = await channelBySlug(slug);
  if (!channel) return c.text('no such feed', 404); //= return: no  the client is told
  if (channel.movedTo) return c.redirect(channel.movedTo, 301); //= return: no  HTTP redirect
  const episodes = await episodesOf(channel.id, { published: true });
  const xml = renderRss(channel, episodes);
  await feedCache.set(slug, xml, 300).catch(() => {}); //= catch: yes  feeds are rendered on every call and nobody notices
  return c.body(xml, 200, { 'content-type': 'application/rss+xml' });
});

feeds.get('/:slug/:episode/audio', async (c) => {
  const { slug, episode } = c.req.param();
  const channel = await channelBySlug(slug);
  const item = channel && (await episodesOf(channel.id, { id: episode }))[0];
  if (!item) return c.notFound(); //= return: no  HTTP answer to the client

  const size = await storage.size(item.audioKey);
  const range = parseRange(c.req.header('range'), size);
  if (range === 'invalid') {
    c.header('content-range', `bytes */${size}`);
    return c.body(null, 416); //= return: no  HTTP answer to the client
  }

  countDownload(item.id, c.req.header('user-agent') ?? '', range?.start ?? 0);
  downloads.inc({ agent: c.req.header('user-agent') }); //= bounded-labels  user agent string as label
  return stream(c, async (out) => {
    out.onAbort(() => {
      logger.debug('listener went away', { episode: item.id });
    });
    try {
      await out.pipe(await storage.stream(item.audioKey, range));
    } catch (err) { //= catch: no  aborts narrowed, others logged
      if ((err as Error).name === 'AbortError') return; //= return: no  the listener went away, logged by onAbort
      logger.error(`stream of ${item.id} broke: ${(err as Error).message}`); //= error-with-context  message text only //= structured-event  interpolated
    }
  });
});

async function countDownload(episodeId: string, agent: string, start: number): Promise<void> {
  if (start > 0) return; //= return: no  only the first chunk counts, plain parameter filter
  if (/bot|crawler|spider/i.test(agent)) return; //= return: no  filter on the user agent parameter
  try {
    await registerDownload(episodeId, agent);
  } catch (err) { //= catch: yes  download numbers are paid for, losses stay unseen
    return; //= return: yes  a download that was not counted vanishes here
  }
}

feeds.post('/:slug/ping', async (c) => {
  const channel = await channelBySlug(c.req.param('slug'));
  if (!channel) return c.body(null, 204); //= return: yes  the ping of a hub is answered as success and does nothing
  if (channel.lastPingAt && Date.now() - channel.lastPingAt.getTime() < 60_000) {
    return c.json({ throttled: true }, 429); //= return: no  the client is told
  }
  await feedCache.delete(channel.slug);
  console.debug('feed pinged', channel.slug); //= no-console  module has a logger
  return c.body(null, 204);
});
