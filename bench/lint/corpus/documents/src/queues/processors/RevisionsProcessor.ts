import isEqual from "fast-deep-equal";
import revisionCreator from "../../commands/revisionCreator";
import Logger from "../../logging/Logger";
import { Document, Event as EventModel, Revision, Subscription, User } from "../../models";
import Redis from "../../storage/redis";
import type { DocumentEvent, Event, RevisionEvent } from "../../types";
import parseMentions, { newMentions, parseMarkdown } from "../../utils/parseMentions";
import { globalEventQueue } from "..";
import BaseProcessor from "./BaseProcessor";

const DELAY = 5 * 60 * 1000;

export default class RevisionsProcessor extends BaseProcessor {
  static applicableEvents: Event["name"][] = ["documents.publish", "documents.update", "documents.update.debounced"];

  async perform(event: DocumentEvent | RevisionEvent) {
    if (event.name === "documents.update") {
      await globalEventQueue().add({ ...event, name: "documents.update.debounced" }, { delay: DELAY });
      return; //= return: no  branch done, debounced
    }

    if (event.name === "documents.update.debounced" && event.data?.autosave) {
      return; //= return: maybe  autosaves make no revision by design, but nothing says so here
    }

    const document = await Document.findByPk(event.documentId, { paranoid: false });
    if (!document) {
      Logger.warn("queue", "Document not found for revision", { documentId: event.documentId });
      return; //= return: no  logged
    }

    // If the document has been updated since the initial event then don't do
    // anything, another debounced event is on its way.
    if (event.name === "documents.update.debounced" && document.updatedAt > new Date(event.createdAt)) {
      return; //= return: no  reason comment
    }

    const previous = await Revision.findLatest(document.id);
    if (previous && isEqual(previous.content, document.content) && previous.title === document.title) {
      return; //= return: no  nothing changed, no revision wanted
    }

    const user = await User.findByPk(event.actorId, { paranoid: false });
    if (!user) return; //= return: yes  history of the document has a hole and nothing says why

    const userIds = await Redis.defaultClient.smembers(Document.getCollaboratorKey(document.id));
    await revisionCreator({ event, user, document, collaboratorIds: userIds });
    await Redis.defaultClient.del(Document.getCollaboratorKey(document.id));
    await this.mentionsOf(document, previous);
  }

  private async mentionsOf(document: Document, previous: Revision | null) {
    const after = parseMarkdown(document.text);
    if (!after) return; //= return: no  empty text has no mentions

    const mentions = previous ? newMentions(parseMarkdown(previous.text), after) : parseMentions(after);
    for (const mention of mentions) {
      const recipient = await User.findByPk(mention.modelId);
      if (!recipient || recipient.isSuspended) continue;
      await EventModel.schedule({ name: "documents.mentioned", userId: recipient.id, documentId: document.id });
      await this.subscribe(recipient, document);
    }
  }

  private async subscribe(recipient: User, document: Document) {
    if (!recipient.preferences?.subscribeOnMention) {
      return; //= return: yes  subscription dropped by preference without a word
    }
    const existing = await Subscription.findOne({ where: { userId: recipient.id, documentId: document.id }, paranoid: false });
    if (existing) return; //= return: no  idempotent, already subscribed or unsubscribed on purpose
    await Subscription.create({ userId: recipient.id, documentId: document.id, event: "documents.update" });
  }
}
