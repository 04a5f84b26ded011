import { Injectable, Logger } from '@nestjs/common';
import { EventsHandler, IEventHandler, EventBus } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { Post } from '../posts/post.entity';
import { Report } from './report.entity';
import { ReportFiledEvent } from './events/report-filed.event';
import { PostHiddenEvent } from '../posts/events/post-hidden.event';
import { ClassifierClient } from './classifier.client';

const AUTO_HIDE_WEIGHT = 6;

@Injectable()
@EventsHandler(ReportFiledEvent)
export class ReportFiledHandler implements IEventHandler<ReportFiledEvent> {
  private readonly logger = new Logger(ReportFiledHandler.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly classifier: ClassifierClient,
    private readonly events: EventBus,
  ) {}

  handle = async (event: ReportFiledEvent): Promise<void> => {
    const report = await this.dataSource.getRepository(Report).findOne({
      where: { id: event.reportId },
      relations: ['post', 'reporter'],
    });
    if (!report?.post) return; //= return: yes  report is never weighed, nothing says why

    const { post, reporter } = report;
    if (post.hiddenAt) return; //= return: no  already hidden, idempotent
    if (reporter.trustLevel < 0) {
      await this.close(report, 'distrusted_reporter');
      return; //= return: no  closed with the reason recorded
    }

    const weight = await this.weigh(post, report);
    if (weight < AUTO_HIDE_WEIGHT) return; //= return: no  threshold rule, weight is logged in weigh

    await this.hide(post, weight);
  };

  private async weigh(post: Post, report: Report): Promise<number> {
    const open = await this.dataSource.getRepository(Report).countBy({ post: { id: post.id }, state: 'open' });
    let toxicity = 0;
    try {
      toxicity = await this.classifier.score(post.body);
    } catch (err) { //= catch: yes  classifier outage looks like a harmless post
      toxicity = 0;
    }
    const weight = open + report.reporter.trustLevel + toxicity * 4;
    this.logger.log({ msg: 'report_weighed', reportId: report.id, postId: post.id, weight });
    return weight;
  }

  private async hide(post: Post, weight: number) {
    const changed = await this.dataSource
      .getRepository(Post)
      .update({ id: post.id, hiddenAt: undefined }, { hiddenAt: new Date(), hiddenBy: 'auto' });
    // lost the race against a moderator
    if (!changed.affected) return; //= return: no  reason in the comment

    this.events.publish(new PostHiddenEvent(post.id, 'reports', weight));
  }

  private async close(report: Report, resolution: string) {
    if (report.state === 'closed') return; //= return: no  idempotent
    await this.dataSource.getRepository(Report).update(report.id, { state: 'closed', resolution });
  }
}
