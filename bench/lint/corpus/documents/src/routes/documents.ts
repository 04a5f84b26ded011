import Router from "koa-router";
import { Op } from "sequelize";
import documentMover from "../commands/documentMover";
import { InvalidRequestError, NotFoundError } from "../errors";
import Logger from "../logging/Logger";
import auth from "../middlewares/authentication";
import { rateLimiter } from "../middlewares/rateLimiter";
import validate from "../middlewares/validate";
import { Document, Event, Revision, SearchQuery, View } from "../models";
import { authorize } from "../policies";
import { presentDocument } from "../presenters";
import SearchHelper from "../services/SearchHelper";
import { sequelize } from "../storage/database";
import type { APIContext } from "../types";
import pagination from "./middlewares/pagination";
import * as T from "./schema";

const router = new Router();

router.post("documents.info", auth({ optional: true }), validate(T.DocumentsInfoSchema), async (ctx: APIContext<T.DocumentsInfoReq>) => {
  const { id, shareId } = ctx.input.body;
  const { user } = ctx.state.auth;
  const document = await Document.findByIdOrShare({ id, shareId, user });
  if (!document) {
    throw NotFoundError("Document could not be found");
  }

  if (ctx.headers["if-none-match"] === document.etag) {
    ctx.status = 304;
    return; //= return: no  answered 304
  }

  ctx.set("ETag", document.etag);
  ctx.body = { data: await presentDocument(ctx, document, { isPublic: !user }) };
});

router.post("documents.search", auth(), pagination(), validate(T.DocumentsSearchSchema), rateLimiter({ requests: 100, duration: 60 }), async (ctx: APIContext<T.DocumentsSearchReq>) => {
  const { query, collectionId } = ctx.input.body;
  const { user } = ctx.state.auth;

  const response = await SearchHelper.searchForUser(user, { query, collectionId, ...ctx.state.pagination });
  const data = await Promise.all(
    response.results.map(async (result) => ({ ranking: result.ranking, context: result.context, document: await presentDocument(ctx, result.document) }))
  );

  // the search history is a convenience, a failing insert must not break the search
  void SearchQuery.create({ userId: user.id, teamId: user.teamId, source: "app", query, results: response.total }).catch((err) => { //= catch: no  logged
    Logger.error("database", "Failed to record search query", err, { userId: user.id });
  });

  ctx.body = { pagination: { ...ctx.state.pagination, total: response.total }, data };
});

router.post("documents.restore", auth({ role: "member" }), validate(T.DocumentsRestoreSchema), async (ctx: APIContext<T.DocumentsRestoreReq>) => {
  const { id, revisionId } = ctx.input.body;
  const { user } = ctx.state.auth;
  const document = await Document.findByPk(id, { userId: user.id, paranoid: false });
  if (!document) throw NotFoundError();

  if (document.deletedAt) {
    authorize(user, "restore", document);
    await document.restoreWithCtx(ctx);
    ctx.body = { data: await presentDocument(ctx, document) };
    return; //= return: no  work done and answered
  }

  if (!revisionId) {
    throw InvalidRequestError("revisionId is required");
  }
  const revision = await Revision.findByPk(revisionId, { rejectOnEmpty: true });
  await document.restoreFromRevision(revision);
  await Event.createFromContext(ctx, { name: "documents.update", documentId: document.id });
  ctx.body = { data: await presentDocument(ctx, document) };
});

router.post("documents.move", auth({ role: "member" }), validate(T.DocumentsMoveSchema), async (ctx: APIContext<T.DocumentsMoveReq>) => {
  Logger.info("http", "Moving document", { body: ctx.request.body }); //= no-sensitive-fields  whole request body
  const { id, parentDocumentId, index, collectionId } = ctx.input.body;
  try {
    const result = await sequelize.transaction((transaction) =>
      documentMover({ ctx, id, collectionId, parentDocumentId, index, transaction })
    );
    ctx.body = { data: { documents: await Promise.all(result.documents.map((d) => presentDocument(ctx, d))) } };
  } catch (err) { //= catch: no  narrowed and translated, the rest is rethrown
    if (err.name === "SequelizeForeignKeyConstraintError") {
      throw InvalidRequestError("Parent document does not exist");
    }
    throw err;
  }
});

router.post("documents.viewed", auth(), validate(T.DocumentsViewedSchema), async (ctx: APIContext<T.DocumentsViewedReq>) => {
  const { documentIds } = ctx.input.body;
  const views = await View.findAll({ where: { documentId: { [Op.in]: documentIds }, userId: ctx.state.auth.user.id } });
  if (!views.length) {
    ctx.body = { data: [] };
    return; //= return: no  answered with an empty list
  }
  ctx.body = { data: views.map((view) => ({ documentId: view.documentId, lastViewedAt: view.updatedAt })) };
});

export default router;
