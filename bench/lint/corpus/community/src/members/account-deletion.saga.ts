import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { MembersRepository } from './members.repository';
import { PostsRepository } from '../posts/posts.repository';
import { ObjectStore } from '../common/object-store.service';
import { BillingClient } from '../common/billing.client';

interface DeletionRequested {
  memberId: string;
  keepPosts: boolean;
  requestedAt: string;
}

@Injectable()
export class AccountDeletionSaga {
  private readonly logger = new Logger('AccountDeletion');

  constructor(
    private readonly members: MembersRepository,
    private readonly posts: PostsRepository,
    private readonly store: ObjectStore,
    private readonly billing: BillingClient,
  ) {}

  @OnEvent('member.deletion_requested', { async: true })
  async onRequested({ memberId, keepPosts }: DeletionRequested) {
    const member = await this.members.byId(memberId);
    if (!member) return; //= return: yes  a deletion request under privacy law ends without a trace

    const hold = await this.members.legalHold(memberId);
    if (hold?.active) return; //= return: yes  deletion stopped by a legal hold, nobody told

    if (member.plan !== 'free') {
      try {
        await this.billing.cancel(member.billingId);
      } catch (e) { //= catch: no  rethrown though without the cause
        throw new Error('Cancelling the plan failed, deletion stopped: ' + String(e)); //= error-with-context  new Error without cause
      }
    }

    if (keepPosts) {
      await this.posts.reassign(memberId, 'ghost');
    } else {
      await this.posts.deleteByAuthor(memberId);
    }

    try {
      await this.store.deletePrefix(`avatars/${memberId}/`);
    } catch (error) { //= catch: no  logged and told to the event queue
      this.logger.error({ msg: 'avatar_deletion_failed', memberId, err: error });
      await this.members.queueCleanup(memberId, 'avatars');
    }

    await this.members.erase(memberId);
    this.logger.log({ msg: 'member_erased', memberId, keepPosts });
  }

  @OnEvent('member.deletion_withdrawn')
  async onWithdrawn({ memberId }: Pick<DeletionRequested, 'memberId'>) {
    const pending = await this.members.pendingDeletion(memberId);
    if (!pending) return; //= return: maybe  withdrawal after the deadline or double click
    await this.members.cancelDeletion(pending.id);
    console.info('deletion withdrawn for ' + memberId); //= no-console  left-over
  }
}
