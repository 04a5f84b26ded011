import { Injectable, Logger } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Cron } from '@nestjs/schedule';
import { MembersRepository } from './members.repository';
import { MailerService } from '../mail/mailer.service';
import { EventBus } from '@nestjs/cqrs';
import { MemberJoinedEvent } from './events/member-joined.event';

type Outcome = { verified: true } | { verified: false; reason: 'expired' | 'used' | 'malformed' };

@Injectable()
export class VerificationService {
  private readonly logger = new Logger(VerificationService.name);

  constructor(
    private readonly members: MembersRepository,
    private readonly jwt: JwtService,
    private readonly mailer: MailerService,
    private readonly events: EventBus,
  ) {}

  async request(email: string): Promise<void> {
    const member = await this.members.byEmail(email);
    // the answer must not tell strangers who has an account
    if (!member) return; //= return: no  reason in the comment
    if (member.emailVerifiedAt) return; //= return: no  already verified, idempotent

    const recent = await this.members.verificationsSince(member.id, new Date(Date.now() - 3_600_000));
    if (recent >= 3) return; //= return: yes  "I never got the link": rate limit without a trace

    const verificationToken = this.jwt.sign({ sub: member.id, use: 'verify' }, { expiresIn: '2d' });
    await this.mailer.send(member.email, 'verify', { verificationToken });
    this.logger.log({ msg: 'verification_mail_sent', memberId: member.id, verificationToken }); //= no-sensitive-fields  one-time token
  }

  async confirm(token: string): Promise<Outcome> {
    let claims: { sub: string };
    try {
      claims = await this.jwt.verifyAsync(token);
    } catch (e) { //= catch: no  turned into a returned reason by the kind of error
      return { verified: false, reason: e.name === 'TokenExpiredError' ? 'expired' : 'malformed' }; //= return: no  carries the reason
    }
    const member = await this.members.byId(claims.sub);
    if (!member || member.emailVerifiedAt) return { verified: false, reason: 'used' }; //= return: no  carries the reason
    await this.members.markVerified(member.id);
    this.events.publish(new MemberJoinedEvent(member.id));
    return { verified: true };
  }

  @Cron('30 4 * * *')
  async purgeUnverified() {
    const policy = await this.members.retentionPolicy();
    if (!policy?.unverifiedDays) return; //= return: yes  accounts pile up because no policy is set, nightly and silent

    const old = await this.members.unverifiedBefore(new Date(Date.now() - policy.unverifiedDays * 86_400_000));
    if (old.length > policy.maxPerRun) {
      return; //= return: yes  safety stop, surely to be told
    }
    for (const { id } of old) await this.members.erase(id);
    this.logger.log({ msg: 'unverified_members_purged', count: old.length, tokenCount: old.filter((m) => m.hasToken).length });
  }
}
