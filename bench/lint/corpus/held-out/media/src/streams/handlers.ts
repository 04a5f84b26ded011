import { eq, sql } from 'drizzle-orm';
import { db } from '../db/client';
import { assets, channels, episodes } from '../db/schema';
import { log } from '../lib/log';
import { feedCache } from '../cache/tiered-cache';
import { notify } from '../notifications/push';
import { searchIndex } from '../lib/search';
import { transcribe } from '../clients/transcription';
import { hub } from '../clients/websub';
import type { Handler } from './consumer';

const str = (value: unknown): string | null => {
  if (typeof value === 'string' && value) return value; //= return: no  parser
  return null;
};

export const onAssetReady: Handler = async (payload) => {
  const assetId = str(payload.assetId);
  if (!assetId) return; //= return: yes  a malformed message is consumed as if it were handled
  const episode = await db.query.episodes.findFirst({ where: eq(episodes.assetId, assetId), with: { channel: true } });
  if (!episode) return; //= return: yes  a finished asset without its episode is never published, no trace

  if (episode.publishAt && episode.publishAt > new Date()) return; //= return: no  the scheduler publishes it later
  if (episode.state === 'published') return; //= return: no  idempotent, published already

  await db.update(episodes).set({ state: 'published', publishedAt: new Date() }).where(eq(episodes.id, episode.id));
  await feedCache.delete(episode.channel.slug);
  try {
    await hub.ping(episode.channel.slug);
  } catch (err) { //= catch: yes  podcast apps see the episode hours later, nothing tells why
  }
};

export const onEpisodePublished: Handler = async ({ episodeId }) => {
  const episode = await db.query.episodes.findFirst({ where: eq(episodes.id, String(episodeId)), with: { channel: { with: { followers: true } } } });
  if (!episode?.channel) return void log.warn('publish_without_episode', { episodeId }); //= return: no  logs in the return itself
  if (episode.channel.suspendedAt) {
    return; //= return: yes  followers of a suspended channel hear nothing, and the log neither
  }
  if (episode.notifiedAt !== null) return; // streams deliver at least once //= return: no  reason comment on the line

  for (const follower of episode.channel.followers) {
    await notify({ viewerId: follower.id, kind: 'new_episode', title: episode.title, url: `/e/${episode.id}`, dedupeKey: `ep:${episode.id}:${follower.id}` });
  }
  await db.update(episodes).set({ notifiedAt: new Date() }).where(eq(episodes.id, episode.id));
};

export const onTranscriptRequested: Handler = async ({ assetId, language }) => {
  const asset = await db.query.assets.findFirst({ where: eq(assets.id, String(assetId)) });
  if (asset?.state !== 'ready') return; //= return: yes  requested transcript is dropped instead of postponed
  const channel = await db.query.channels.findFirst({ where: eq(channels.id, asset.channelId) });
  if (!channel || channel.transcriptMinutes <= 0) return; //= return: yes  no minutes left, the creator is never told

  const job = await transcribe(asset.sourceKey, { language: str(language) ?? 'auto' }).catch((err: unknown) => { //= catch: no  logged with ids, null handed on
    log.error('transcription_request_failed', { err, assetId: asset.id });
    return null;
  });
  if (!job) return; //= return: no  logged in the handler above
  await db.update(channels).set({ transcriptMinutes: sql`${channels.transcriptMinutes} - ${job.minutes}` }).where(eq(channels.id, channel.id));
};

export const onAssetDeleted: Handler = async (payload) => {
  const id = str(payload.assetId);
  if (id === null) throw new TypeError('assetId is missing');
  try {
    await searchIndex.remove('assets', id);
  } catch (error) { //= catch: no  404 narrowed, others rethrown with the cause
    if ((error as { statusCode?: number }).statusCode === 404) return; //= return: no  not in the index is as good as removed
    throw new Error('asset could not be removed from the index', { cause: error });
  }
};
