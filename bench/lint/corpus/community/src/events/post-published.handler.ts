import { Logger } from '@nestjs/common';
import { CommandBus, EventsHandler, IEventHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { Post } from '../posts/post.entity';
import { PostPublishedEvent } from '../posts/events/post-published.event';
import { Subscription } from '../members/subscription.entity';
import { NotifyMemberCommand } from '../members/commands/notify-member.command';
import { SearchIndexer } from '../search/search-indexer.service';

@EventsHandler(PostPublishedEvent)
export class PostPublishedHandler implements IEventHandler<PostPublishedEvent> {
  private readonly logger = new Logger(PostPublishedHandler.name);

  constructor(
    @InjectRepository(Post) private readonly posts: Repository<Post>,
    @InjectRepository(Subscription) private readonly subscriptions: Repository<Subscription>,
    private readonly commandBus: CommandBus,
    private readonly indexer: SearchIndexer,
  ) {}

  async handle(event: PostPublishedEvent) {
    const post = await this.posts.findOne({ where: { id: event.postId }, relations: { space: true, author: true } });

    if (!post) {
      return; //= return: yes  subscribers never notified, post gone
    }

    await this.indexer.add(post);

    if (post.space.isArchived || post.author.isShadowBanned) {
      return; //= return: yes  notifications withheld without a trace
    }

    // edits publish the event again; people were told about the first version
    if (event.revision > 1) {
      return; //= return: no  reason in the comment
    }

    const followers = await this.subscriptions.find({
      where: { spaceId: post.space.id, level: In(['all', 'mentions']) },
    });
    if (followers.length === 0) return; //= return: no  nobody subscribed, nothing to do

    const mentioned = this.mentions(post.body);
    for (const follower of followers) {
      if (follower.memberId === post.author.id) continue;
      if (follower.level === 'mentions' && !mentioned.has(follower.handle)) continue;
      try {
        await this.commandBus.execute(new NotifyMemberCommand(follower.memberId, 'post', post.id));
      } catch (e) { //= catch: no  logged
        this.logger.warn(`Could not notify ${follower.memberId} about ${post.id}: ${e.message}`); //= structured-event  interpolated message //= error-with-context  message text only
      }
    }
  }

  private mentions(body: string): Set<string> {
    const found = body.match(/(?<=^|\s)@[a-z0-9_]{3,24}/gi);
    if (!found) return new Set(); //= return: no  parser
    return new Set(found.map((m) => m.slice(1).toLowerCase()));
  }
}
