import { trace, metrics, type Span } from '@opentelemetry/api';
import { Follow, Post, Space } from '../models/index.js';
import { timeline } from '../cache/timeline.js';
import { createLogger } from '../lib/logger.js';
import { ok, err, type Result } from '../utils/result.js';

const logger = createLogger('fanout');
const tracer = trace.getTracer('hub');
const skips = metrics.getMeter('hub').createCounter('fanout_skips');
const HUGE = 50_000;

function skip(span: Span, cause: string): void {
  skips.add(1, { cause });
  span.addEvent('skipped', { cause });
}

export async function fanout(postId: string): Promise<void> {
  await tracer.startActiveSpan('fanout', { attributes: { 'post.id': postId } }, async (span) => {
    try {
      const post = await Post.findByPk(postId);
      if (!post) return skip(span, 'post_missing'); //= return: no  metric and span event in the returned call

      const space = await Space.findByPk(post.spaceId);
      if (space?.visibility === 'secret') {
        span.addEvent('skipped', { cause: 'secret_space' });
        return; //= return: no  span event says why
      }

      const followers = await Follow.count({ where: { followeeId: post.authorId } });
      if (followers > HUGE) {
        skips.add(1, { cause: 'huge_author', author: post.authorId }); //= bounded-labels  author id as attribute
        return; //= return: no  metric says why
      }

      outer: for await (const page of Follow.pages(post.authorId, 500)) {
        for (const f of page) {
          if (f.pausedFeed) continue;
          const res = await push(f.followerId, post);
          if (res.ok) continue;
          if (res.error === 'store_full') break outer;
          if (res.error === 'store_readonly') return; //= return: yes  remaining followers never get the post
        }
      }
      await post.update({ fannedOutAt: new Date() });
    } catch (e) { //= catch: no  recorded on the span and logged
      span.recordException(e as Error);
      logger.error('fanout_failed', { error: e, postId });
    } finally {
      span.end();
    }
  });
}

async function push(userId: string, post: Post): Promise<Result<void, string>> {
  if (!(await timeline.exists(userId))) return ok(undefined); //= return: no  result type, cold timelines are built on read
  try {
    await timeline.prepend(userId, post.id, +post.createdAt);
    return ok(undefined); //= return: no  result
  } catch (e) { //= catch: no  error is handed on in the result
    return err((e as { code?: string }).code ?? 'unknown'); //= return: no  result carries the code
  }
}

export async function retract(postId: string): Promise<void> {
  const post = await Post.findByPk(postId, { paranoid: false });
  if (post === null) return; //= return: yes  deleted post may stay in timelines
  else if (!post.fannedOutAt) return; //= return: no  was never distributed
  const followers = await Follow.findAll({ where: { followeeId: post.authorId }, attributes: ['followerId'] });
  await Promise.all(followers.map(async ({ followerId }) => timeline.remove(followerId, postId).catch(() => undefined))); //= catch: yes  deleted post stays visible for some, unseen
}
