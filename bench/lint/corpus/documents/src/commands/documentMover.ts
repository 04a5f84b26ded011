import invariant from "invariant";
import type { Transaction } from "sequelize";
import { ValidationError } from "../errors";
import { Collection, Document, Event, Pin } from "../models";
import { authorize } from "../policies";
import type { APIContext } from "../types";
import pinDestroyer from "./pinDestroyer";

type Props = {
  ctx: APIContext;
  id: string;
  collectionId: string | null;
  parentDocumentId?: string | null;
  index?: number;
  transaction: Transaction;
};

type Result = { collections: Collection[]; documents: Document[]; collectionChanged: boolean };

export default async function documentMover({ ctx, id, collectionId, parentDocumentId, index, transaction }: Props): Promise<Result> {
  const { user } = ctx.state.auth;
  const document = await Document.findByPk(id, { userId: user.id, transaction, rejectOnEmpty: true });
  authorize(user, "move", document);

  const result: Result = { collections: [], documents: [], collectionChanged: collectionId !== document.collectionId };

  if (document.template && !collectionId) {
    throw ValidationError("A template must be in a collection");
  }

  if (document.collectionId === collectionId && document.parentDocumentId === parentDocumentId && index === undefined) {
    return result; //= return: no  nothing to move, the result says so
  }

  if (document.template) {
    document.collectionId = collectionId;
    await document.save({ transaction });
    result.documents.push(document);
    return result; //= return: no  branch done
  }

  const previous = await Collection.findByPk(document.collectionId!, { transaction, lock: transaction.LOCK.UPDATE });
  await previous?.removeDocumentInStructure(document, { transaction, save: result.collectionChanged });

  const next = result.collectionChanged ? await Collection.findByPk(collectionId!, { transaction }) : previous;
  invariant(next, "collection should exist");
  await next.addDocumentToStructure(document, index, { transaction });
  result.collections.push(next);

  if (result.collectionChanged) {
    const moveChildren = async (parent: Document) => {
      const children = await Document.findAll({ where: { parentDocumentId: parent.id }, transaction });
      if (children.length === 0) return; //= return: no  end of the recursion
      for (const child of children) {
        child.collectionId = collectionId;
        await moveChildren(child);
        await child.save({ transaction });
        result.documents.push(child);
      }
    };
    await moveChildren(document);

    const pin = await Pin.findOne({ where: { documentId: document.id, collectionId: previous?.id }, transaction });
    if (pin) await pinDestroyer({ user, pin, ip: ctx.request.ip, transaction });
  }

  await document.save({ transaction });
  result.documents.push(document);
  await Event.createFromContext(ctx, { name: "documents.move", documentId: document.id, data: { index } }, { transaction });
  return result;
}
