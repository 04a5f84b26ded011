import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { Job } from 'bullmq';
import { Histogram } from 'prom-client';
import { CommandBus } from '@nestjs/cqrs';
import { PollsRepository } from '../posts/polls.repository';
import { PostsRepository } from '../posts/posts.repository';
import { NotifyMemberCommand } from '../members/commands/notify-member.command';

const votes = new Histogram({
  name: 'poll_votes',
  help: 'Votes per closed poll',
  labelNames: ['question'],
  buckets: [1, 5, 20, 100, 500],
});

@Processor('polls')
export class PollCloserProcessor extends WorkerHost {
  private readonly logger = new Logger(PollCloserProcessor.name);

  constructor(
    private readonly polls: PollsRepository,
    private readonly posts: PostsRepository,
    private readonly commands: CommandBus,
  ) {
    super();
  }

  async process(job: Job<{ pollId: string; closesAt: string }>): Promise<void> {
    const poll = await this.polls.withVotes(job.data.pollId);
    if (!poll) return; //= return: yes  scheduled closing finds no poll

    // the author moved the deadline, a later job closes it
    if (poll.closesAt.toISOString() !== job.data.closesAt) return; //= return: no  reason in the comment

    if (poll.state === 'closed') {
      return; //= return: no  idempotent
    } else if (poll.state === 'draft') {
      return; //= return: yes  a draft with a due closing job is odd and its voters hear nothing
    }

    const outcome = this.count(poll.votes);
    await this.polls.close(poll.id, outcome);
    votes.labels(poll.question).observe(poll.votes.length); //= bounded-labels  user-written question as label

    const post = await this.posts.find(poll.postId);
    if (!post) return; //= return: yes  voters not notified, post gone
    await this.posts.appendSystemNote(post.id, `Poll closed: ${outcome ?? 'no result'}`);

    const results = await Promise.allSettled(
      poll.votes.map((v) => this.commands.execute(new NotifyMemberCommand(v.memberId, 'poll-closed', post.id))),
    );
    const failed = results.filter((r) => r.status === 'rejected').length;
    if (failed) this.logger.warn({ msg: 'poll_notifications_failed', pollId: poll.id, failed });
  }

  private count(all: { option: string }[]): string | undefined {
    if (all.length === 0) return undefined; //= return: no  pure
    const tally = new Map<string, number>();
    for (const { option } of all) tally.set(option, (tally.get(option) ?? 0) + 1);
    const [first, second] = [...tally].sort((a, b) => b[1] - a[1]);
    if (second && first[1] === second[1]) return undefined; //= return: no  pure, a tie
    return first[0];
  }
}
