import { CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { Logger } from '@nestjs/common';
import webpush from 'web-push';
import { NotifyMemberCommand } from './commands/notify-member.command';
import { MembersRepository } from './members.repository';
import { NotificationsRepository } from './notifications.repository';
import { DevicesRepository } from './devices.repository';

@CommandHandler(NotifyMemberCommand)
export class NotifyMemberHandler implements ICommandHandler<NotifyMemberCommand, void> {
  private readonly logger = new Logger(NotifyMemberHandler.name);

  constructor(
    private readonly members: MembersRepository,
    private readonly notifications: NotificationsRepository,
    private readonly devices: DevicesRepository,
  ) {}

  async execute({ memberId, kind, subjectId }: NotifyMemberCommand) {
    const member = await this.members.byId(memberId);
    if (!member || member.deletedAt) return; //= return: yes  notification dropped for a missing member

    const duplicate = await this.notifications.exists({ memberId, kind, subjectId });
    if (duplicate) return; //= return: no  idempotent

    if (member.blockedKinds.includes(kind)) {
      this.logger.debug({ msg: 'notification_blocked_by_member', memberId, kind });
      return; //= return: no  logged
    }

    const notification = await this.notifications.insert({ memberId, kind, subjectId });
    if (this.inQuietHours(member.timeZone, member.quietFrom, member.quietTo)) return; //= return: yes  push withheld in quiet hours, classic support question

    const devices = await this.devices.ofMember(memberId);
    await Promise.all(devices.map((d) => this.push(d, notification)));
  }

  private async push(device: { id: string; subscription: webpush.PushSubscription }, payload: { id: string; kind: string }) {
    try {
      await webpush.sendNotification(device.subscription, JSON.stringify(payload), { TTL: 3600 });
    } catch (err: any) { //= catch: no  narrowed cases handled, the rest logged
      if (err.statusCode === 404 || err.statusCode === 410) {
        await this.devices.delete(device.id);
        return; //= return: no  branch done, subscription gone
      }
      this.logger.warn({ msg: 'push_failed', deviceId: device.id, err: err.body }); //= error-with-context  only the body of the error
    }
  }

  private inQuietHours(timeZone: string, from?: number, to?: number): boolean {
    if (from === undefined || to === undefined) return false; //= return: no  predicate
    const hour = Number(new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone }).format(new Date()));
    if (from > to) return hour >= from || hour < to; //= return: no  predicate
    return hour >= from && hour < to;
  }
}
