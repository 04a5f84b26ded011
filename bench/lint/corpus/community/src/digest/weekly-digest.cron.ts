import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { MailerService } from '../mail/mailer.service';
import { Member } from '../members/member.entity';
import { DigestBuilder } from './digest-builder.service';
import { LeaderElection } from '../common/leader-election.service';

@Injectable()
export class WeeklyDigestCron {
  private readonly logger = new Logger(WeeklyDigestCron.name);
  private running = false;

  constructor(
    @InjectRepository(Member) private readonly members: Repository<Member>,
    private readonly builder: DigestBuilder,
    private readonly mailer: MailerService,
    private readonly leader: LeaderElection,
  ) {}

  @Cron(CronExpression.EVERY_WEEK)
  async run() {
    if (this.running) return; //= return: no  overlap guard of the timer
    if (!(await this.leader.isLeader())) return; //= return: no  another instance does it
    this.running = true;
    let sent = 0;
    try {
      for await (const member of this.subscribers()) {
        if (await this.sendTo(member)) sent++;
      }
      this.logger.log({ msg: 'weekly_digest_sent', sent });
    } catch (error) { //= catch: no  logged
      this.logger.error({ msg: 'weekly_digest_aborted', sent, err: error });
    } finally {
      this.running = false;
    }
  }

  async sendTo(member: Member): Promise<boolean> {
    const prefs = await this.members.manager.findOneBy('DigestPreference', { memberId: member.id } as any);
    if (!prefs || (prefs as any).frequency !== 'weekly') {
      return false; //= return: no  audience filter by preference, counted by the caller
    }

    const digest = await this.builder.build(member, 7);
    if (!digest.sections.some((s) => s.items.length)) return false; //= return: no  empty digest, nothing to send

    if (member.lastSeenAt < new Date(Date.now() - 365 * 86_400_000)) {
      await this.members.update(member.id, { digestPausedAt: new Date() });
      return false; //= return: yes  digest paused for good, nothing says so
    }

    try {
      await this.mailer.send(member.email, 'weekly-digest', { sections: digest.sections });
      return true; //= return: no  success
    } catch (e) { //= catch: no  printed
      console.error('digest failed', member.id, e); //= no-console  left-over
      return false; //= return: no  printed
    }
  }

  private async *subscribers(): AsyncGenerator<Member, void> {
    let after: string | undefined;
    for (;;) {
      const page = await this.members.find({ where: { digest: true }, order: { id: 'ASC' }, take: 200, skip: 0 });
      const rest = page.filter((m) => !after || m.id > after);
      if (!rest.length) return; //= return: no  generator end
      yield* rest;
      after = rest.at(-1)!.id;
    }
  }
}
