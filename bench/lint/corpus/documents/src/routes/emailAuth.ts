import Router from "koa-router";
import type { Context } from "koa";
import SigninEmail from "../emails/SigninEmail";
import WelcomeEmail from "../emails/WelcomeEmail";
import { AuthorizationError } from "../errors";
import Logger from "../logging/Logger";
import { rateLimiter } from "../middlewares/rateLimiter";
import { AuthenticationProvider, Team, User } from "../models";
import { signIn } from "../utils/authentication";
import { getUserForEmailSigninToken } from "../utils/jwt";

const router = new Router();

router.post("email", rateLimiter({ requests: 5, duration: 60 }), async (ctx: Context) => {
  const { email } = ctx.request.body as { email?: string };
  ctx.body = { success: true };
  if (!email) return; //= return: no  guard on the input

  const team = await Team.findByHostname(ctx.hostname);
  if (!team?.emailSigninEnabled) {
    throw AuthorizationError();
  }

  const user = await User.scope("withAuthentications").findOne({ where: { teamId: team.id, email: email.toLowerCase() } });
  if (!user) {
    // the answer must not tell whether an account exists
    return; //= return: maybe  the comment explains the answer, yet no log tells why no mail came
  }

  if (user.authentications.length) {
    const provider = await AuthenticationProvider.findOne({ where: { teamId: team.id, enabled: true } });
    if (provider) {
      ctx.body = { redirect: `${team.url}/auth/${provider.name}` };
      return; //= return: no  answered with a redirect
    }
  }

  if (user.lastSigninEmailSentAt && Date.now() - user.lastSigninEmailSentAt.getTime() < 120_000) {
    return; //= return: yes  sign-in mail withheld by the throttle, answer says success
  }
  await new SigninEmail({ to: user.email, token: user.getEmailSigninToken(), teamUrl: team.url }).schedule();
  user.lastSigninEmailSentAt = new Date();
  await user.save();
});

router.get("email.callback", async (ctx: Context) => {
  const { token } = ctx.request.query;
  let user: User;
  try {
    user = await getUserForEmailSigninToken(token as string);
  } catch (err) { //= catch: no  answered by a redirect with a notice, logged
    Logger.info("http", "Sign-in link refused", { token, error: err }); //= no-sensitive-fields  sign-in token in a log field
    return ctx.redirect(`/?notice=expired-token`); //= return: no  answered
  }

  if (user.isSuspended) {
    return ctx.redirect("/?notice=user-suspended"); //= return: no  answered with the reason
  }
  if (user.isInvited) {
    await new WelcomeEmail({ to: user.email, role: user.role, teamUrl: user.team.url }).schedule();
  }
  await signIn(ctx, "email", { user, team: user.team, isNewUser: false });
});

export default router;
