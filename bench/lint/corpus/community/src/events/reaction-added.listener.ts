import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { InjectQueue } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { PostsRepository } from '../posts/posts.repository';
import { BadgesService } from '../members/badges.service';
import { Redis } from '../common/redis';
import { ErrorReporter } from '../common/error-reporter';
import { ReactionAdded } from './reaction-added';

const BADGE_STEPS: Record<number, string> = { 25: 'liked', 100: 'cherished', 1000: 'legend' };

@Injectable()
export class ReactionAddedListener {
  private readonly logger = new Logger(ReactionAddedListener.name);

  constructor(
    private readonly posts: PostsRepository,
    private readonly badges: BadgesService,
    private readonly redis: Redis,
    private readonly errors: ErrorReporter,
    @InjectQueue('ranking') private readonly ranking: Queue,
  ) {}

  @OnEvent('reaction.added')
  async rank({ postId, kind }: ReactionAdded): Promise<unknown> {
    if (kind === 'seen') return Promise.resolve(); //= return: no  type filter on the parameter

    const fresh = await this.redis.set(`rank:${postId}`, '1', 'EX', 30, 'NX');
    if (fresh === null) return Promise.resolve(); //= return: no  debounce, a ranking job is already on its way

    const post = await this.posts.find(postId);
    if (!post || post.locked) return void 0; //= return: no  ranking of a gone or locked post has no meaning
    return this.ranking.add('rerank', { postId, spaceId: post.spaceId });
  }

  @OnEvent('reaction.added')
  readonly award = async ({ postId, by }: ReactionAdded) => {
    const post = await this.posts.find(postId);
    if (!post || post.authorId === by) return; //= return: no  own likes never count, ordinary rule

    const total = await this.redis.hincrby('likes', post.authorId, 1);
    const badge = BADGE_STEPS[total];
    if (!badge) return; //= return: no  threshold rule

    const author = await this.badges.holder(post.authorId);
    if (author?.badgesFrozen) return; //= return: yes  earned badge withheld for a frozen account, never awarded later

    try {
      await this.badges.award(post.authorId, badge);
    } catch (e) { //= catch: no  logged
      this.logger.error(e.message); //= error-with-context  only the message, no ids
    }
  };

  @OnEvent('reaction.removed')
  async onRemoved(event: ReactionAdded) {
    const { postId } = event;
    try {
      const post = await this.posts.find(postId);
      if (post) await this.redis.hincrby('likes', post.authorId, -1);
    } catch (error) { //= catch: no  handed to the error reporter
      this.errors.capture(error, { event: 'reaction.removed', postId });
    }
  }
}
