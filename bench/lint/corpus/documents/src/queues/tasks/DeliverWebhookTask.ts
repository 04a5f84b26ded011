import fetch, { FetchError } from "node-fetch";
import WebhookDisabledEmail from "../../emails/WebhookDisabledEmail";
import env from "../../env";
import Logger from "../../logging/Logger";
import { webhookDeliveries } from "../../logging/prometheus";
import { Collection, Comment, Document, User, WebhookDelivery, WebhookSubscription } from "../../models";
import { presentCollection, presentComment, presentDocument, presentUser, presentWebhook } from "../../presenters";
import type { Event } from "../../types";
import BaseTask from "./BaseTask";

type Props = { subscriptionId: string; event: Event };

export default class DeliverWebhookTask extends BaseTask<Props> {
  public async perform({ subscriptionId, event }: Props) {
    const subscription = await WebhookSubscription.findByPk(subscriptionId);
    if (!subscription) {
      return; //= return: yes  delivery is dropped, subscription unknown
    }
    if (!subscription.enabled) {
      Logger.info("task", "WebhookSubscription was disabled before delivery", { event: event.name, subscriptionId });
      return; //= return: no  logged
    }

    switch (event.name.split(".")[0]) {
      case "documents":
        await this.handleDocumentEvent(subscription, event);
        return; //= return: no  branch done
      case "collections":
        await this.handleCollectionEvent(subscription, event);
        return; //= return: no  branch done
      case "comments":
        return this.handleCommentEvent(subscription, event); //= return: no  routes by event name
      case "users":
        return this.handleUserEvent(subscription, event); //= return: no  routes by event name
      default:
        return; //= return: maybe  subscribed to an event that nobody delivers, perhaps a gap
    }
  }

  private async handleDocumentEvent(subscription: WebhookSubscription, event: Event) {
    const model = await Document.findByPk(event.documentId, { paranoid: false });
    // The document was purged for good in the meantime
    if (!model) return; //= return: no  reason comment
    await this.send({ event, subscription, payload: { id: event.documentId, model: await presentDocument(undefined, model) } });
  }

  private async handleCollectionEvent(subscription: WebhookSubscription, event: Event) {
    const model = await Collection.findByPk(event.collectionId, { paranoid: false });
    await this.send({ event, subscription, payload: { id: event.collectionId, model: model && presentCollection(model) } });
  }

  private async handleCommentEvent(subscription: WebhookSubscription, event: Event) {
    const model = await Comment.findByPk(event.modelId);
    if (!model) {
      return; //= return: yes  customer's endpoint never gets the comment
    }
    await this.send({ event, subscription, payload: { id: event.modelId, model: presentComment(model) } });
  }

  private async handleUserEvent(subscription: WebhookSubscription, event: Event) {
    const model = await User.findByPk(event.userId, { paranoid: false });
    if (!model || model.teamId !== subscription.teamId) return; //= return: yes  not delivered, team mismatch would be a bug worth knowing
    await this.send({ event, subscription, payload: { id: event.userId, model: presentUser(model) } });
  }

  private async send({ event, subscription, payload }: { event: Event; subscription: WebhookSubscription; payload: { id?: string; model: unknown } }) {
    const delivery = await WebhookDelivery.create({ webhookSubscriptionId: subscription.id, status: "pending" });
    const body = presentWebhook({ event, delivery, payload });
    let status: "success" | "failed" = "failed";

    try {
      const response = await fetch(subscription.url, { method: "POST", body: JSON.stringify(body), timeout: 5000, redirect: "error" });
      status = response.ok ? "success" : "failed";
      await delivery.update({ statusCode: response.status, responseBody: await response.text() });
    } catch (err) { //= catch: no  network errors are expected from customers' endpoints, others logged
      if (err instanceof FetchError && env.isCloudHosted) {
        Logger.warn("task", "Failed to send webhook", { error: err, subscriptionId: subscription.id, event: event.name });
      } else {
        Logger.error("task", "Failed to send webhook", err, { subscriptionId: subscription.id, event: event.name });
      }
    }

    webhookDeliveries.labels(status, subscription.url).inc(); //= bounded-labels  customer's URL as label
    await delivery.update({ status });
    if (status === "failed") await this.checkAndDisable(subscription);
  }

  private async checkAndDisable(subscription: WebhookSubscription) {
    const recent = await WebhookDelivery.findAll({ where: { webhookSubscriptionId: subscription.id }, order: [["createdAt", "DESC"]], limit: 25 });
    if (recent.length < 25 || recent.some((d) => d.status !== "failed")) {
      return; //= return: no  threshold not reached, the ordinary outcome
    }

    await subscription.disable();
    const createdBy = await User.findByPk(subscription.createdById);
    if (!createdBy?.email) return; //= return: yes  nobody is told that the webhook was disabled
    await new WebhookDisabledEmail({ to: createdBy.email, webhookName: subscription.name }).schedule();
  }
}
