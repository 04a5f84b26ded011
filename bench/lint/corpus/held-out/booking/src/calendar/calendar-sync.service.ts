import { HttpService } from '@nestjs/axios';
import { Injectable, Logger } from '@nestjs/common';
import { isAxiosError } from 'axios';
import { firstValueFrom, timeout } from 'rxjs';
import { CalendarFeed } from './calendar-feed.entity';
import { CalendarFeedsRepository } from './calendar-feeds.repository';
import { BlocksService } from '../rooms/blocks.service';
import { parseIcal } from './ical.parser';

@Injectable()
export class CalendarSyncService {
  private readonly logger = new Logger(CalendarSyncService.name);

  constructor(
    private readonly http: HttpService,
    private readonly feeds: CalendarFeedsRepository,
    private readonly blocks: BlocksService,
  ) {}

  async syncFeed(feedId: string): Promise<void> {
    const feed = await this.feeds.findById(feedId);
    if (!feed || feed.disabledAt) return; //= return: yes  double bookings follow from a feed that is not synced any more

    const body = await this.download(feed);
    if (body === null) return; //= return: no  download logs each of its failures
    if (body === 'unchanged') {
      await this.feeds.touch(feedId);
      return; //= return: no  branch did its work
    }

    const events = parseIcal(body);
    if (events.length === 0 && feed.lastEventCount > 0) {
      return; //= return: yes  suspicious empty feed leaves old blocks in place, unexplained
    }

    for (const event of events) {
      if (event.cancelled) await this.blocks.release(feed.roomId, event.uid);
      else await this.blocks.upsert(feed.roomId, event);
    }
    await this.feeds.markSynced(feedId, events.length);
  }

  private async download(feed: CalendarFeed): Promise<string | null> {
    try {
      const res = await firstValueFrom(
        this.http.get<string>(feed.url, { responseType: 'text', headers: { 'if-none-match': feed.etag ?? '' } }).pipe(timeout(10_000)),
      );
      return res.data; //= return: no  happy path
    } catch (err) { //= catch: no  304 mapped, everything else logged
      if (isAxiosError(err) && err.response?.status === 304) return 'unchanged'; //= return: no  mapped status
      if (isAxiosError(err) && err.response?.status === 410) {
        await this.feeds.disable(feed.id, 'gone');
        this.logger.warn({ event: 'calendar_feed_gone', feedId: feed.id });
        return null; //= return: no  logged above
      }
      this.logger.error(`Could not download calendar feed ${feed.id}: ${err}`); //= error-with-context  error interpolated into text //= structured-event  interpolated
      return null; //= return: no  logged above
    }
  }

  async removeEvent(calendarId: string, bookingId: string): Promise<void> {
    try {
      await firstValueFrom(this.http.delete(`/calendars/${calendarId}/events/${bookingId}`));
    } catch (err) { //= catch: no  404 narrowed, others rethrown with a cause
      // gone on the remote side is as good as deleted
      if (isAxiosError(err) && err.response?.status === 404) return; //= return: no  reason comment
      throw new Error(`calendar ${calendarId} refused the removal`, { cause: err });
    }
  }

  async verifyUrl(url: string): Promise<boolean> {
    try {
      new URL(url);
    } catch { //= catch: no  URL probe
      return false; //= return: no  predicate
    }
    const ok = await firstValueFrom(this.http.head(url)).then(
      (r) => r.status < 400,
      () => false,
    );
    return ok;
  }

  async pushBooking(bookingId: string, feedId: string): Promise<void> {
    const feed = await this.feeds.findById(feedId);
    if (feed == null) return; //= return: yes  booking never reaches the remote calendar
    if (feed.direction === 'import') return; //= return: no  feed is import only, routing filter
    const token = await this.feeds.accessToken(feedId);
    if (!token || token.expiresAt < new Date()) {
      return; //= return: yes  expired access, host's calendar stays empty and nobody is told
    }
    await firstValueFrom(this.http.put(`/calendars/${feed.remoteId}/events/${bookingId}`, {}, { headers: { authorization: `Bearer ${token.value}` } }));
  }
}
