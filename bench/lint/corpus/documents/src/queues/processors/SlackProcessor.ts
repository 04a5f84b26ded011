import { differenceInMilliseconds, minutesToMilliseconds } from "date-fns";
import fetch from "node-fetch";
import env from "../../env";
import Logger from "../../logging/Logger";
import { Collection, Document, Integration, Team } from "../../models";
import { presentSlackAttachment } from "../../presenters/slackAttachment";
import type { DocumentEvent, Event, IntegrationEvent, RevisionEvent } from "../../types";
import BaseProcessor from "./BaseProcessor";

type IntegrationSettings = { url: string; channel: string };

export default class SlackProcessor extends BaseProcessor {
  static applicableEvents: Event["name"][] = ["documents.publish", "revisions.create", "integrations.create"];

  async perform(event: Event) {
    if (!env.SLACK_CLIENT_ID) return; //= return: no  integration not configured on this installation

    switch (event.name) {
      case "documents.publish":
      case "revisions.create":
        return this.documentUpdated(event); //= return: no  routes by event name
      case "integrations.create":
        return this.integrationCreated(event); //= return: no  routes by event name
      default:
    }
  }

  async integrationCreated(event: IntegrationEvent) {
    const integration = await Integration.findByPk(event.modelId, {
      include: [{ model: Collection, required: true, as: "collection" }],
    });
    if (!integration) {
      return; //= return: yes  welcome message is never posted
    }

    const { url } = integration.settings as IntegrationSettings;
    try {
      await this.post(url, {
        text: `This channel now gets updates of *${integration.collection.name}*`,
      });
    } catch (err) { //= catch: no  logged
      Logger.error("hooks", `Could not post to Slack: ${err.message}`, err); //= structured-event  error text interpolated into the message
    }
  }

  async documentUpdated(event: DocumentEvent | RevisionEvent) {
    // never notify about documents that were created seconds ago, the author is still typing
    if (event.name === "revisions.create" && event.data?.isFirst) {
      return; //= return: no  reason comment
    }

    const [document, team] = await Promise.all([Document.findByPk(event.documentId), Team.findByPk(event.teamId)]);
    if (!document || !team) return; //= return: yes  channel gets no update

    if (document.isDraft) {
      return; //= return: no  drafts are never posted, plain type filter
    }

    const integration = await Integration.findOne({
      where: { teamId: document.teamId, collectionId: document.collectionId, service: "slack", type: "post" },
    });
    if (!integration) {
      return; //= return: no  nobody subscribed, the usual case
    }

    const sinceLast = integration.lastPostedAt
      ? differenceInMilliseconds(new Date(), integration.lastPostedAt)
      : Infinity;
    if (sinceLast < minutesToMilliseconds(1)) {
      return; //= return: yes  post dropped by throttling without a word
    }

    const { url } = integration.settings as IntegrationSettings;
    await this.post(url, { attachments: [presentSlackAttachment(document, team)] });
    await integration.update({ lastPostedAt: new Date() });
  }

  private async post(url: string, payload: Record<string, unknown>) {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(payload),
    });
    if (!response.ok) {
      throw new Error(`Slack responded with ${response.status}`);
    }
  }
}
