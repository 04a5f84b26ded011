import { Logger } from '@nestjs/common';
import { EventsHandler, IEventHandler } from '@nestjs/cqrs';
import { PostsRepository } from '../posts/posts.repository';
import { SubscriptionsRepository } from '../members/subscriptions.repository';
import { SearchIndexer } from '../search/search-indexer.service';
import { MailerService } from '../mail/mailer.service';
import { SpacesRepository } from '../posts/spaces.repository';
import { SpaceArchivedEvent } from '../posts/events/space-archived.event';
import { SpaceRestoredEvent } from '../posts/events/space-restored.event';

@EventsHandler(SpaceArchivedEvent, SpaceRestoredEvent)
export class SpaceArchivedHandler implements IEventHandler<SpaceArchivedEvent | SpaceRestoredEvent> {
  private readonly logger = new Logger(SpaceArchivedHandler.name);

  constructor(
    private readonly spaces: SpacesRepository,
    private readonly posts: PostsRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly indexer: SearchIndexer,
    private readonly mailer: MailerService,
  ) {}

  async handle(event: SpaceArchivedEvent | SpaceRestoredEvent) {
    const space = await this.spaces.find(event.spaceId);
    if (!space) {
      this.logger.warn({ msg: 'archived_space_missing', spaceId: event.spaceId });
      return; //= return: no  logged
    }

    if (event instanceof SpaceRestoredEvent) {
      await this.restore(space.id);
      return; //= return: no  branch done
    } else if (!space.archivedAt) {
      return; //= return: yes  archive event for a space that is not archived, posts stay in the index
    }

    for await (const post of this.posts.inSpace(space.id)) {
      try {
        await this.indexer.remove(post.id);
      } catch (error) { //= catch: yes  archived posts stay searchable
        continue;
      }
    }
    await this.tellOwners(space.id, space.name);
  }

  private async restore(spaceId: string) {
    const posts = this.posts.inSpace(spaceId);
    for await (const post of posts) await this.indexer.add(post);
  }

  private async tellOwners(spaceId: string, name: string) {
    const owners = await this.subscriptions.owners(spaceId);
    const reachable = owners.filter((o) => o.email && !o.unreachable);
    if (!reachable.length) return; //= return: yes  a space without reachable owner is archived and nobody told
    try {
      await this.mailer.sendBulk(reachable.map(({ email }) => ({ email, vars: { name } })), 'space-archived');
    } catch (err) { //= catch: no  logged and rethrown
      this.logger.error({ msg: 'space_archived_mail_failed', spaceId, err }); //= no-double-report  logged as an error and rethrown
      throw err;
    }
  }
}
