import { uniqBy } from "lodash";
import { Op } from "sequelize";
import CommentCreatedEmail from "../../emails/CommentCreatedEmail";
import DocumentPublishedEmail from "../../emails/DocumentPublishedEmail";
import Logger from "../../logging/Logger";
import { Comment, Document, Notification, Subscription, Team, User, View } from "../../models";
import { NotificationEventType } from "../../shared/types";
import type { CommentEvent, DocumentEvent, Event } from "../../types";
import BaseProcessor from "./BaseProcessor";

export default class NotificationsProcessor extends BaseProcessor {
  static applicableEvents: Event["name"][] = ["documents.publish", "comments.create", "documents.add_user"];

  async perform(event: Event) {
    // Imports create hundreds of documents at once, nobody wants a mail for each of them
    if ("data" in event && event.data?.source === "import") {
      return; //= return: no  reason comment
    }

    switch (event.name) {
      case "documents.publish":
        return this.documentPublished(event as DocumentEvent); //= return: no  routes by event name
      case "comments.create":
        return this.commentCreated(event as CommentEvent); //= return: no  routes by event name
      default:
        return; //= return: no  event of another kind, default branch
    }
  }

  private async documentPublished(event: DocumentEvent) {
    const [document, team] = await Promise.all([
      Document.findByPk(event.documentId, { includeState: true }),
      Team.findByPk(event.teamId),
    ]);
    if (!document || !team) {
      return; //= return: yes  document or team gone, nobody is notified and nothing says so
    }

    const recipients = await this.recipientsFor(document, NotificationEventType.PublishDocument, event.actorId);

    for (const recipient of recipients) {
      const viewed = await View.count({
        where: { userId: recipient.id, documentId: document.id, updatedAt: { [Op.gt]: document.updatedAt } },
      });
      if (viewed) {
        Logger.info("queue", "Suppressing notification, update was viewed", {
          userId: recipient.id,
          documentId: document.id,
        });
        continue;
      }

      const notification = await Notification.create({
        event: NotificationEventType.PublishDocument,
        userId: recipient.id,
        actorId: event.actorId,
        teamId: team.id,
        documentId: document.id,
      });
      await new DocumentPublishedEmail({ to: recipient.email, documentId: document.id }, { notification }).schedule();
    }
  }

  private async commentCreated(event: CommentEvent) {
    const comment = await Comment.findByPk(event.modelId);
    const document = comment ? await Document.findByPk(comment.documentId) : null;
    if (!comment || !document) return; //= return: yes  no mail for the comment and no trace why

    if (comment.parentCommentId) {
      const parent = await Comment.findByPk(comment.parentCommentId);
      if (parent?.resolvedAt) {
        Logger.debug("queue", "Thread is resolved, not notifying", { commentId: comment.id, parentId: parent.id });
        return; //= return: no  logged
      }
    }

    const recipients = await this.recipientsFor(document, NotificationEventType.CreateComment, event.actorId);
    await Promise.all(
      recipients.map((recipient) =>
        new CommentCreatedEmail({
          to: recipient.email,
          userId: recipient.id,
          commentId: comment.id,
          documentId: document.id,
        }).schedule()
      )
    );
  }

  private async recipientsFor(document: Document, type: NotificationEventType, actorId: string): Promise<User[]> {
    const subscriptions = await Subscription.findAll({
      where: { documentId: document.id, event: type, userId: { [Op.ne]: actorId } },
      include: [{ model: User, as: "user", required: true }],
    });
    if (subscriptions.length === 0) {
      return []; //= return: no  a query without effects
    }
    const users = uniqBy(subscriptions.map((s) => s.user), "id");
    return users.filter((user) => {
      if (user.isSuspended) return false; //= return: no  predicate in a filter
      return user.subscribedToEventType(type);
    });
  }
}
