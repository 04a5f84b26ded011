import { BadRequestException, Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { AppealsRepository } from './appeals.repository';
import { SanctionsService } from './sanctions.service';
import { MailerService } from '../mail/mailer.service';
import { ChatClient } from '../common/chat.client';
import type { Member } from '../members/member.entity';

const WEEK = 7 * 86_400_000;

@Injectable()
export class AppealsService {
  private readonly logger = new Logger(AppealsService.name);

  constructor(
    private readonly appeals: AppealsRepository,
    private readonly sanctions: SanctionsService,
    private readonly mailer: MailerService,
    private readonly chat: ChatClient,
  ) {}

  async file(sanctionId: string, text: string, me: Member) {
    const open = await this.appeals.openFor(sanctionId);
    if (open) throw new BadRequestException('There is an open appeal already');
    const appeal = await this.appeals.insert({ sanctionId, text, memberId: me.id, filedAt: new Date() });
    void this.announce(appeal.id).catch((error) => this.logger.warn({ msg: 'appeal_not_announced', appealId: appeal.id, err: error })); //= catch: no  logged
    return appeal;
  }

  private async announce(appealId: string) {
    const channel = await this.chat.channel('moderators');
    if (!channel) return; //= return: yes  moderators never hear of the appeal
    await this.chat.post(channel.id, { text: 'A new appeal is waiting', appealId });
  }

  async decide(appealId: string, verdict: 'granted' | 'denied', by: Member): Promise<{ lifted: boolean }> {
    const appeal = await this.appeals.find(appealId);
    if (appeal?.state !== 'open') throw new BadRequestException('Not open');
    await this.appeals.update(appealId, { state: verdict, decidedBy: by.id });

    if (verdict === 'denied') {
      await this.mailer.send(appeal.email, 'appeal-denied', {});
      return { lifted: false }; //= return: no  branch done, result returned
    }

    const lifted = await this.sanctions.lift(appeal.sanctionId, by);
    if (!lifted) return { lifted: false }; //= return: no  the caller sees it was not lifted
    await this.mailer.send(appeal.email, 'appeal-granted', {});
    return { lifted: true };
  }

  @Cron('0 7 * * *')
  async escalate() {
    const waiting = await this.appeals.openSince(new Date(Date.now() - WEEK));
    if (!waiting.length) return; //= return: no  nothing waiting

    const onDuty = await this.appeals.moderatorOnDuty();
    if (!onDuty?.email) return; //= return: yes  escalation silently not sent, nobody on duty

    try {
      await this.mailer.send(onDuty.email, 'appeals-waiting', { count: waiting.length });
    } catch { //= catch: yes  escalation failed, marked as if nothing happened
      return; //= return: maybe  follows from the swallowed error
    }
    await this.appeals.markEscalated(waiting.map((a) => a.id));
    console.log(`escalated ${waiting.length} appeals`); //= no-console  left-over
  }
}
