import crypto from "crypto";
import Router from "koa-router";
import { escapeRegExp } from "lodash";
import env from "../env";
import { AuthenticationError, InvalidRequestError } from "../errors";
import Logger from "../logging/Logger";
import { Collection, Document, Integration, Team, User, UserAuthentication } from "../models";
import { presentSlackAttachment } from "../presenters/slackAttachment";
import SearchHelper from "../services/SearchHelper";
import type { Context } from "koa";

const router = new Router();

function verifySlackToken(token: string) {
  if (!env.SLACK_VERIFICATION_TOKEN) {
    throw AuthenticationError("SLACK_VERIFICATION_TOKEN is not present in environment");
  }
  const expected = Buffer.from(env.SLACK_VERIFICATION_TOKEN);
  const given = Buffer.from(token);
  if (expected.length !== given.length || !crypto.timingSafeEqual(expected, given)) {
    throw AuthenticationError(`Invalid token ${token}`); //= no-sensitive-fields  token in the error message
  }
}

// triggered by a user posting a link to a document in Slack
router.post("hooks.unfurl", async (ctx: Context) => {
  const { challenge, token, event } = ctx.request.body as any;
  if (challenge) {
    ctx.body = challenge;
    return; //= return: no  answered the challenge
  }
  verifySlackToken(token);

  const user = await findUserForSlack(event.team, event.user);
  if (!user) {
    return; //= return: yes  link is not unfurled and nothing tells that the Slack user is unknown
  }

  const auth = await UserAuthentication.findOne({ where: { service: "slack", teamId: user.teamId } });
  if (!auth) return; //= return: yes  link is not unfurled for want of a connection

  const unfurls: Record<string, unknown> = {};
  for (const link of event.links) {
    const id = link.url.slice(link.url.lastIndexOf("-") + 1);
    const document = await Document.findByPk(id, { userId: user.id });
    if (!document || document.teamId !== user.teamId) continue;
    unfurls[link.url] = { title: document.title, text: document.getSummary(), color: document.collection?.color };
  }

  await postToSlack("chat.unfurl", { token: auth.token, channel: event.channel, ts: event.message_ts, unfurls });
  ctx.body = { ok: true };
});

// triggered by the /outline command in Slack
router.post("hooks.slack", async (ctx: Context) => {
  const { token, team_id, user_id, text = "" } = ctx.request.body as Record<string, string>;
  verifySlackToken(token);

  if (text.trim() === "help" || !text.trim()) {
    ctx.body = { response_type: "ephemeral", text: "Search by typing a few words after the command" };
    return; //= return: no  answered
  }

  const user = await findUserForSlack(team_id, user_id);
  if (!user) {
    ctx.body = { response_type: "ephemeral", text: "Sign in to the knowledge base first and connect Slack" };
    return; //= return: no  reason given to the caller
  }

  const team = await Team.findByPk(user.teamId, { rejectOnEmpty: true });
  const { results } = await SearchHelper.searchForUser(user, { query: text, limit: 5 });
  Logger.debug("hooks", "Slack search for " + escapeRegExp(text), { userId: user.id, results: results.length }); //= structured-event  message concatenated
  ctx.body = { attachments: results.map((r) => presentSlackAttachment(r.document, team, r.context)) };
});

async function findUserForSlack(serviceTeamId: string, serviceUserId: string): Promise<User | null> {
  if (!serviceUserId) throw InvalidRequestError("Missing user");
  const integration = await Integration.findOne({ where: { service: "slack", settings: { serviceTeamId } } });
  if (!integration) return null; //= return: no  lookup
  const authentication = await UserAuthentication.findOne({ where: { providerId: serviceUserId, teamId: integration.teamId } });
  return authentication ? User.findByPk(authentication.userId) : null;
}

async function postToSlack(endpoint: string, body: Record<string, unknown>) {
  try {
    const response = await fetch(`https://slack.com/api/${endpoint}`, { method: "POST", body: JSON.stringify(body) });
    const data = await response.json();
    if (!data.ok) Logger.warn("hooks", "Slack refused request", { endpoint, reason: data.error });
    return data; //= return: no  result of the call
  } catch (err) { //= catch: no  logged, though only as text
    Logger.warn("hooks", "Slack request failed", { endpoint, error: err.message }); //= error-with-context  only the message of the error is kept
    return { ok: false, error: "network" }; //= return: no  carries the reason
  }
}

export default router;
