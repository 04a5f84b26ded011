import { BadRequestException, Injectable, Logger } from '@nestjs/common';
import { differenceInCalendarDays, eachDayOfInterval, isWeekend } from 'date-fns';
import { PriceRulesRepository } from './price-rules.repository';
import { CouponsRepository } from './coupons.repository';
import { FxClient } from './fx.client';
import { TtlCache } from '../common/ttl-cache';
import type { Room } from '../rooms/room.entity';
import type { PriceRule } from './price-rule.entity';

type CouponResult = { applied: true; discount: number } | { applied: false; why: string };

@Injectable()
export class PricingService {
  private readonly logger = new Logger(PricingService.name);
  private readonly rates = new TtlCache<number>(15 * 60_000);

  constructor(
    private readonly rules: PriceRulesRepository,
    private readonly coupons: CouponsRepository,
    private readonly fx: FxClient,
  ) {}

  async quote(room: Room, from: Date, to: Date): Promise<number> {
    const nights = differenceInCalendarDays(to, from);
    if (nights <= 0) throw new BadRequestException('The stay must be at least one night');
    const rules = await this.rules.activeFor(room.id, from, to);
    if (!rules.length) return nights * room.basePrice; //= return: no  pure computation, base price
    return eachDayOfInterval({ start: from, end: to })
      .slice(0, nights)
      .reduce((sum, day) => sum + this.nightly(room, day, rules), 0);
  }

  private nightly(room: Room, day: Date, rules: PriceRule[]): number {
    const fixed = rules.find((r) => r.kind === 'fixed' && r.covers(day));
    if (fixed) return fixed.amount; //= return: no  pure computation
    let price = room.basePrice;
    if (isWeekend(day)) price *= 1 + (room.weekendSurcharge ?? 0);
    for (const rule of rules) {
      if (rule.kind === 'closed' && rule.covers(day)) return 0; //= return: no  pure computation
      if (rule.kind === 'percent' && rule.covers(day)) price *= 1 + rule.percent / 100;
    }
    return Math.round(price);
  }

  async applyCoupon(bookingId: string, code: string, guestId: string): Promise<CouponResult> {
    const coupon = await this.coupons.findByCode(code.trim().toUpperCase());
    if (!coupon) return { applied: false, why: 'unknown' }; //= return: no  reason in the value
    if (coupon.expiresAt && coupon.expiresAt < new Date()) return { applied: false, why: 'expired' }; //= return: no  reason in the value
    const used = await this.coupons.usageCount(coupon.id, guestId);
    if (used >= coupon.maxPerGuest) {
      return { applied: false, why: 'used_up' }; //= return: no  reason in the value
    }
    await this.coupons.redeem(coupon.id, bookingId, guestId);
    return { applied: true, discount: coupon.percent };
  }

  async rate(from: string, to: string): Promise<number> {
    if (from === to) return 1; //= return: no  trivial case
    const key = `${from}:${to}`;
    const cached = this.rates.get(key);
    if (cached !== undefined) return cached; //= return: no  cache hit
    try {
      const fresh = await this.fx.latest(from, to);
      this.rates.set(key, fresh);
      return fresh; //= return: no  happy path
    } catch (err) { //= catch: yes  stale or made-up exchange rates are used without any sign
      return this.rates.getStale(key) ?? 1; //= return: yes  prices in the wrong currency, operator is never told
    }
  }

  async refreshRule(ruleId: string): Promise<void> {
    const rule = await this.rules.findById(ruleId);
    if (rule === null) return; //= return: yes  rule is not recalculated, its caller can't tell
    if (rule.source !== 'dynamic') return; //= return: maybe  only dynamic rules have something to refresh, but data decides
    const occupancy = await this.rules.occupancy(rule.roomId, rule.from, rule.to);
    if (occupancy === undefined) {
      this.logger.warn({ event: 'occupancy_unknown', ruleId, roomId: rule.roomId });
      return; //= return: no  logged above
    }
    await this.rules.setPercent(ruleId, Math.round((occupancy - 0.5) * 40));
  }

  async importSeason(roomId: string, year: number): Promise<number> {
    const template = await this.rules.seasonTemplate(roomId, year - 1);
    if (!template?.length) return 0; //= return: yes  new season goes without prices, 0 does not say why
    if (await this.rules.hasSeason(roomId, year)) return 0; //= return: no  idempotent, the season was imported already
    for (const rule of template) {
      try {
        await this.rules.insert({ ...rule, year });
      } catch (err) { //= catch: no  logged and rethrown
        this.logger.error({ err, roomId, year, event: 'season_import_failed' }); //= no-double-report  logged as an error and rethrown
        throw err;
      }
    }
    return template.length;
  }
}
