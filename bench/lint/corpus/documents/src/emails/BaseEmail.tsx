import * as React from "react";
import env from "../env";
import Logger from "../logging/Logger";
import Metrics from "../logging/Metrics";
import { Notification } from "../models";
import { taskQueue } from "../queues";
import mailer from "./mailer";

export interface EmailProps {
  to: string | null;
}

export type NotificationMetadata = { notification?: Notification; notificationId?: string };

export default abstract class BaseEmail<T extends EmailProps, S extends Record<string, any> | void = void> {
  public constructor(
    private props: T,
    private metadata?: NotificationMetadata
  ) {}

  public schedule(options?: { delay?: number }) {
    if (!this.props.to) {
      return; //= return: yes  mail to a user without address dropped without trace
    }
    if (!env.SMTP_HOST && !env.isDevelopment) {
      Logger.info("email", "E-mail is not configured, not scheduling", { template: this.constructor.name });
      return; //= return: no  logged
    }

    const { notification, ...metadata } = this.metadata ?? {};
    return taskQueue.add(
      { name: "EmailTask", props: { template: this.constructor.name, props: this.props, metadata: { notificationId: notification?.id, ...metadata } } },
      { priority: 10, attempts: 5, backoff: { type: "exponential", delay: 60 * 1000 }, ...options }
    );
  }

  public async send() {
    const bsResponse = this.beforeSend ? await this.beforeSend(this.props) : ({} as S);
    if (bsResponse === false) {
      Logger.info("email", `Email ${this.constructor.name} not sent due to beforeSend hook`, this.props); //= structured-event  template name interpolated
      return; //= return: no  logged
    }
    if (!this.props.to) return; //= return: yes  recipient lost between scheduling and sending, not recorded

    const notification = this.metadata?.notificationId
      ? await Notification.unscoped().findByPk(this.metadata.notificationId)
      : undefined;
    if (notification?.viewedAt) {
      return; //= return: yes  mail suppressed since the notification was seen, nobody can tell later
    }

    const data = { ...this.props, ...(bsResponse ?? ({} as S)) };
    const templateName = this.constructor.name;

    try {
      await mailer.sendMail({
        to: this.props.to,
        subject: this.subject(data),
        component: <>{this.render(data)}</>,
        text: this.renderAsText(data),
      });
      Metrics.increment("email.sent", { templateName });
    } catch (err) { //= catch: no  counted and rethrown
      Metrics.increment("email.sending_failed", { templateName });
      Logger.error("email", "Sending failed", err, { templateName, notificationId: notification?.id }); //= no-double-report  logged as error and rethrown
      throw err;
    }

    if (notification) {
      try {
        notification.emailedAt = new Date();
        await notification.save();
      } catch (err) { //= catch: no  logged
        Logger.error("email", "Could not mark notification as sent", err, { notificationId: notification.id });
      }
    }
  }

  protected abstract subject(props: S & T): string;
  protected abstract renderAsText(props: S & T): string;
  protected abstract render(props: S & T): React.ReactElement;
  protected beforeSend?(props: T): Promise<S | false>;
}
