import { ForbiddenException, Injectable, Logger, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { MailerService } from '../mail/mailer.service';
import { Member } from '../members/member.entity';
import { SessionsService } from '../members/sessions.service';
import { Sanction, SanctionKind } from './sanction.entity';

const LADDER: { points: number; kind: SanctionKind; days: number }[] = [
  { points: 12, kind: 'ban', days: 0 },
  { points: 8, kind: 'suspension', days: 14 },
  { points: 4, kind: 'mute', days: 3 },
];

@Injectable()
export class SanctionsService {
  private readonly logger = new Logger(SanctionsService.name);

  constructor(
    @InjectRepository(Sanction) private readonly sanctions: Repository<Sanction>,
    @InjectRepository(Member) private readonly members: Repository<Member>,
    private readonly sessions: SessionsService,
    private readonly mailer: MailerService,
  ) {}

  canBeSanctioned(member: Member, by: Member): boolean {
    if (member.id === by.id) return false; //= return: no  predicate
    if (member.role === 'admin') return false; //= return: no  predicate
    return by.role === 'admin' || by.role === 'moderator';
  }

  async addPoints(memberId: string, points: number, by: Member) {
    const member = await this.members.findOneBy({ id: memberId });
    if (!member) throw new NotFoundException();
    if (!this.canBeSanctioned(member, by)) throw new ForbiddenException();

    const total = member.penaltyPoints + points;
    await this.members.update(memberId, { penaltyPoints: total });

    const step = LADDER.find((s) => total >= s.points);
    if (!step) return { total }; //= return: no  below the ladder, result returned

    const current = await this.sanctions.findOneBy({ memberId, liftedAt: IsNull() });
    if (current && LADDER.findIndex((s) => s.kind === current.kind) <= LADDER.indexOf(step)) {
      return { total }; //= return: maybe  a harsher sanction runs already; visible in the table, not in the result
    }

    const sanction = await this.sanctions.save({ memberId, kind: step.kind, days: step.days, by: by.id });
    if (step.kind !== 'mute') {
      await this.sessions.revokeAll(memberId).catch(() => undefined); //= catch: yes  banned member stays logged in unnoticed
    }
    this.logger.warn({ msg: 'member_sanctioned', member: memberId, kind: step.kind, user: by }); //= no-sensitive-fields  whole user entity
    await this.tell(member, sanction);
    return { total, sanction };
  }

  async lift(sanctionId: string, by: Member): Promise<boolean> {
    const sanction = await this.sanctions.findOneBy({ id: sanctionId });
    if (!sanction || sanction.liftedAt) return false; //= return: no  told to the caller by false
    await this.sanctions.update(sanctionId, { liftedAt: new Date(), liftedBy: by.id });
    return true;
  }

  private async tell(member: Member, sanction: Sanction): Promise<void> {
    const settings = await this.members.manager.findOne('MemberSettings', { where: { memberId: member.id } } as any);
    if ((settings as any)?.muteSystemMail) return; //= return: yes  sanctioned member never told, e-mail preference
    try {
      await this.mailer.send(member.email, `sanction-${sanction.kind}`, { days: sanction.days });
    } catch (error) { //= catch: no  logged
      this.logger.error('Sanction mail failed', { memberId: member.id, error: error.message }); //= error-with-context  only the message
    }
  }
}
