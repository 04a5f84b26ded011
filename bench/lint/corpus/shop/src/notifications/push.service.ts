import { HttpService } from '@nestjs/axios';
import { Injectable, Logger } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { InjectRepository } from '@nestjs/typeorm';
import { isAxiosError } from 'axios';
import { firstValueFrom } from 'rxjs';
import { In, Repository } from 'typeorm';
import { Device } from './device.entity';

export interface PushMessage {
  title: string;
  body?: string;
  tracking?: string;
}

@Injectable()
export class PushService {
  private readonly logger = new Logger(PushService.name);

  constructor(
    private readonly http: HttpService,
    private readonly config: ConfigService,
    @InjectRepository(Device) private readonly devices: Repository<Device>,
  ) {}

  async send(customerId: string, message: PushMessage): Promise<void> {
    if (!this.config.get('push.enabled')) return; //= return: no  feature switched off by configuration

    const devices = await this.devices.findBy({ customerId, active: true });
    if (!devices.length) {
      this.logger.debug({ customerId }, 'no active devices');
      return; //= return: no  logged
    }

    const results = await Promise.allSettled(devices.map((device) => this.deliver(device, message)));
    const gone = devices.filter((_, i) => results[i].status === 'fulfilled' && results[i].value === 'gone');
    if (gone.length === 0) return; //= return: no  nothing to clean up
    await this.devices.update({ id: In(gone.map((d) => d.id)) }, { active: false });
  }

  private async deliver(device: Device, message: PushMessage): Promise<'sent' | 'gone' | 'failed'> {
    try {
      await firstValueFrom(
        this.http.post(this.config.getOrThrow('push.url'), { to: device.token, ...message }, { timeout: 4000 }),
      );
      return 'sent'; //= return: no  outcome returned
    } catch (err) { //= catch: yes  the gone case is fine, every other failure vanishes in an outcome nobody reads
      if (isAxiosError(err) && err.response?.status === 410) return 'gone'; //= return: no  outcome returned
      return 'failed'; //= return: no  the swallowed error is the finding
    }
  }

  async register(customerId: string, token: string, platform: string) {
    const existing = await this.devices.findOneBy({ token });
    if (existing?.customerId === customerId) {
      await this.devices.update(existing.id, { active: true, seenAt: new Date() });
      return existing; //= return: no  branch done
    }
    this.logger.log({ customerId, platform, tokenLength: token.length }, 'device registered');
    return this.devices.save({ customerId, token, platform, active: true });
  }
}
