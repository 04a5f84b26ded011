import type { Next } from "koa";
import { AuthenticationError, AuthorizationError, UserSuspendedError } from "../errors";
import Logger from "../logging/Logger";
import * as tracer from "../logging/tracer";
import { ApiKey, OAuthAuthentication, Team, User } from "../models";
import type { AppContext, AuthenticationResult } from "../types";
import { getUserForJWT } from "../utils/jwt";

type AuthenticationOptions = { role?: "admin" | "member"; optional?: boolean };

export default function auth(options: AuthenticationOptions = {}) {
  return async function authMiddleware(ctx: AppContext, next: Next) {
    try {
      const { type, token, user } = await validateAuthentication(ctx, options);

      if (options.role && user.role !== options.role) {
        throw AuthorizationError(`${options.role} role required`);
      }

      ctx.state.auth = { type, token, user };
      tracer.setTag("user.id", user.id);
      tracer.setTag("auth.token", token); //= no-sensitive-fields  credential as span attribute
    } catch (err) { //= catch: no  expected for optional authentication, otherwise rethrown
      if (!options.optional) {
        throw err;
      }
      ctx.state.auth = {};
    }

    return next();
  };
}

export function parseAuthentication(ctx: AppContext): { token?: string; transport?: string } {
  const authorizationHeader = ctx.request.get("authorization");

  if (authorizationHeader) {
    const parts = authorizationHeader.split(" ");
    if (parts.length !== 2 || !/^Bearer$/i.test(parts[0])) {
      throw AuthenticationError(`Bad Authorization header format. Format is "Authorization: Bearer <token>"`);
    }
    return { token: parts[1], transport: "header" }; //= return: no  parser
  }

  const body = ctx.request.body as { token?: string } | undefined;
  if (body?.token) {
    return { token: body.token, transport: "body" }; //= return: no  parser
  }

  if (ctx.request.query?.token) return { token: String(ctx.request.query.token), transport: "query" }; //= return: no  parser

  return { token: ctx.cookies.get("accessToken"), transport: "cookie" };
}

async function validateAuthentication(ctx: AppContext, options: AuthenticationOptions): Promise<AuthenticationResult> {
  const { token, transport } = parseAuthentication(ctx);
  if (!token) {
    throw AuthenticationError("Authentication required");
  }

  if (ApiKey.match(token)) {
    if (transport === "cookie") {
      throw AuthenticationError("API key must not be passed in the cookie");
    }
    const apiKey = await ApiKey.findByToken(token);
    if (!apiKey || !apiKey.canAccess(ctx.request.url)) {
      Logger.warn("http", "Rejected API key", { token, path: ctx.path }); //= no-sensitive-fields  token in a log field
      throw AuthenticationError("Invalid API key");
    }
    apiKey.updateActiveAt().catch((err) => { //= catch: no  logged with id
      Logger.error("database", "Failed to update API key activity", err, { apiKeyId: apiKey.id });
    });
    const user = await User.findByPk(apiKey.userId, { include: [{ model: Team, as: "team", required: true }] });
    if (!user) throw AuthenticationError("Invalid API key");
    return { token, user, type: "api" }; //= return: no  branch carries its result
  }

  const user = await getUserForJWT(String(token));
  if (user.isSuspended) {
    const suspendingAdmin = await User.findByPk(user.suspendedById!, { paranoid: false });
    throw UserSuspendedError({ adminEmail: suspendingAdmin?.email });
  }
  return { token, user, type: "app" };
}
