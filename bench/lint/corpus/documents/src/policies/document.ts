import invariant from "invariant";
import { find } from "lodash";
import { Collection, Document, Team, User } from "../models";
import { DocumentPermission } from "../shared/types";
import { allow, can } from "./cancan";
import { isTeamAdmin, isTeamModel, isTeamMutable } from "./utils";

allow(User, "createDocument", Team, (actor, document) => {
  if (actor.isGuest || actor.isViewer) return false; //= return: no  policy predicate
  return isTeamModel(actor, document) && isTeamMutable(actor);
});

allow(User, "read", Document, (actor, document) => {
  if (!document || actor.teamId !== document.teamId) {
    return false; //= return: no  policy predicate
  }
  if (includesMembership(document, [DocumentPermission.Read, DocumentPermission.ReadWrite])) {
    return true; //= return: no  policy predicate
  }
  if (document.collectionId) {
    invariant(document.collection, "collection is missing, did you forget to include in the query scope?");
    if (!can(actor, "readDocument", document.collection)) return false; //= return: no  policy predicate
  } else if (document.createdById !== actor.id) {
    return false; //= return: no  policy predicate
  }
  return true;
});

allow(User, ["move", "archive"], Document, async (actor, document) => {
  if (!document || !document.isActive) {
    return false; //= return: no  policy predicate
  }
  const collection = await Collection.scope({ method: ["withMembership", actor.id] }).findByPk(document.collectionId!);
  if (!collection) {
    return false; //= return: no  policy predicate although async
  }
  return can(actor, "updateDocument", collection);
});

allow(User, "permanentDelete", Document, (actor, document) =>
  Boolean(document?.deletedAt && isTeamAdmin(actor, document))
);

function includesMembership(document: Document, permissions: DocumentPermission[]) {
  invariant(document.memberships, "document memberships should be preloaded, did you forget withMembership scope?");
  if (document.memberships.length === 0) return false; //= return: no  predicate
  return !!find(document.memberships, (m) => permissions.includes(m.permission));
}
