import * as Sentry from "@sentry/node";
import { Extension, onAuthenticatePayload, onChangePayload, onDisconnectPayload, onStoreDocumentPayload } from "@hocuspocus/server";
import * as Y from "yjs";
import documentCollaborativeUpdater from "../commands/documentCollaborativeUpdater";
import Logger from "../logging/Logger";
import Metrics from "../logging/Metrics";
import { Document, User } from "../models";
import { can } from "../policies";
import Redis from "../storage/redis";
import { getUserForJWT } from "../utils/jwt";

type Context = { user?: User; clientId: string };

export default class CollaborationService implements Extension {
  private connections = new Map<string, Set<string>>();

  async onAuthenticate({ token, documentName, connection }: onAuthenticatePayload) {
    const [, documentId] = documentName.split(".");
    const user = await getUserForJWT(token, ["session", "collaboration"]);
    if (user.isSuspended) {
      throw new Error("Account suspended");
    }

    const document = await Document.findByPk(documentId, { userId: user.id });
    if (!can(user, "read", document)) {
      throw new Error("Authorization required");
    }
    if (!can(user, "update", document)) {
      connection.readOnly = true;
    }
    return { user };
  }

  onChange = async ({ documentName, context }: onChangePayload & { context: Context }) => {
    if (!context.user) return; //= return: no  server side edits have no collaborator
    const [, documentId] = documentName.split(".");
    await Redis.defaultClient.sadd(Document.getCollaboratorKey(documentId), context.user.id);
  };

  async onStoreDocument({ document, context, documentName, clientsCount }: onStoreDocumentPayload & { context: Context }) {
    const [, documentId] = documentName.split(".");
    const key = Document.getCollaboratorKey(documentId);
    const sessionCollaboratorIds = await Redis.defaultClient.smembers(key);
    if (!sessionCollaboratorIds || sessionCollaboratorIds.length === 0) {
      Logger.debug("collaboration", "No changes for document", { documentName });
      return; //= return: no  logged
    }

    const existing = await Document.findByPk(documentId);
    if (!existing) {
      await Redis.defaultClient.del(key);
      return; //= return: yes  edits of the session are thrown away in silence
    }

    try {
      await documentCollaborativeUpdater({
        documentId,
        ydoc: document,
        sessionCollaboratorIds,
        isLastConnection: clientsCount === 0,
        clientVersion: context.clientId,
      });
      Metrics.increment("collaboration.stored");
    } catch (err) { //= catch: no  logged and reported
      Logger.error("collaboration", "Unable to persist document", err, { documentId, userId: context.user?.id });
    }
  }

  async onDisconnect({ documentName, socketId }: onDisconnectPayload) {
    const sockets = this.connections.get(documentName);
    if (!sockets) return; //= return: no  bookkeeping, unknown room

    sockets.delete(socketId);
    if (sockets.size > 0) {
      return; //= return: no  others are still connected, nothing to close
    }
    this.connections.delete(documentName);
    Metrics.gauge("collaboration.documents", this.connections.size);
  }

  async applyUpdate(documentId: string, update: Uint8Array): Promise<boolean> {
    const document = await Document.findByPk(documentId);
    if (!document?.state) {
      return false; //= return: maybe  caller may treat false as answer, but the update is lost
    }
    try {
      const ydoc = new Y.Doc();
      Y.applyUpdate(ydoc, document.state);
      Y.applyUpdate(ydoc, update);
      await document.update({ state: Buffer.from(Y.encodeStateAsUpdate(ydoc)) });
      return true; //= return: no  success answer
    } catch (err) { //= catch: no  reported to Sentry
      Sentry.captureException(err, { extra: { documentId } });
      return false; //= return: no  reported
    }
  }
}
