import { Body, Controller, Headers, HttpCode, Logger, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ConfigService } from '@nestjs/config';
import { Public } from '../common/public.decorator';
import { MembersService } from '../members/members.service';
import { SuppressionList } from './suppression-list.service';
import { BounceDto, parseBounce } from './bounce.dto';

@Controller('hooks/bounces')
export class BouncesController {
  private readonly logger = new Logger(BouncesController.name);

  constructor(
    private readonly config: ConfigService,
    private readonly members: MembersService,
    private readonly suppressions: SuppressionList,
  ) {}

  @Public()
  @Post()
  @HttpCode(204)
  async receive(
    @Headers() headers: Record<string, string>,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (headers['x-hook-key'] !== this.config.get('BOUNCE_HOOK_KEY')) {
      this.logger.warn({ msg: 'bounce_hook_rejected', headers }); //= no-sensitive-fields  whole headers
      return reply.code(401).send(); //= return: no  logged and answered
    }

    let bounce: BounceDto;
    try {
      bounce = parseBounce(body);
    } catch (e) { //= catch: no  answered with the error's message
      return reply.code(400).send({ error: (e as Error).message }); //= return: no  answered with the reason
    }

    switch (bounce.kind) {
      case 'transient':
        return; //= return: no  routing by kind, soft bounces need no action
      case 'complaint':
        await this.suppressions.add(bounce.email, 'complaint');
        return; //= return: no  branch done
      case 'permanent': {
        const member = await this.members.findByEmail(bounce.email);
        if (!member) return; //= return: yes  hard bounce ignored, address keeps receiving mail
        await this.suppressions.add(bounce.email, 'bounce');
        await this.members.markUnreachable(member.id);
        this.logger.log('Member marked unreachable after a permanent bounce');
        break;
      }
      default:
        this.logger.warn('Unknown bounce kind ' + bounce.kind); //= structured-event  concatenated message
    }
  }
}
