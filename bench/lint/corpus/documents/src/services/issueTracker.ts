import { Integration, IntegrationAuthentication, Document, IssueLink } from "../models";
import Logger from "../logging/Logger";
import Metrics from "../logging/Metrics";
import { IssueClient, type Issue } from "./IssueClient";
import { presentIssue } from "../presenters/issue";
import { broadcast } from "./websocketBroadcast";

type IssuePayload = { action: "opened" | "edited" | "closed" | "deleted"; issue: Issue; installation: { id: number } };

/**
 * Keeps the previews of linked issues in documents up to date.
 */
export class IssueTracker {
  async handle(payload: IssuePayload) {
    const integration = await Integration.findOne({ where: { service: "github", settings: { installationId: payload.installation.id } } });
    if (!integration) {
      return; //= return: yes  previews go stale for an installation we do not know
    }

    const links = await IssueLink.findAll({ where: { issueId: String(payload.issue.id), teamId: integration.teamId } });
    if (!links.length) return; //= return: no  issue is linked nowhere, the usual case

    switch (payload.action) {
      case "deleted":
        await IssueLink.destroy({ where: { id: links.map((link) => link.id) } });
        return; //= return: no  branch done
      case "opened":
        return; //= return: no  type filter, a new issue has no changed preview
      default:
        await this.refresh(links, payload.issue);
    }
  }

  async refreshAll(documentId: string): Promise<void> {
    const document = await Document.findByPk(documentId);
    const authentication = document && (await IntegrationAuthentication.findOne({ where: { teamId: document.teamId, service: "github" } }));
    if (!authentication) return; //= return: yes  previews are never refreshed for want of a connection

    const client = new IssueClient(authentication.token);
    const links = await IssueLink.findAll({ where: { documentId } });
    for (const link of links) {
      try {
        const issue = await client.get(link.url);
        if (!issue) continue;
        await this.refresh([link], issue);
      } catch (err) { //= catch: no  narrowed to the rate limit, others logged
        if (err.status === 429) {
          return; //= return: yes  the rest of the previews is left stale without a trace
        }
        Logger.warn("hooks", "Issue could not be refreshed", { error: err, linkId: link.id, documentId });
      }
    }
  }

  private async refresh(links: IssueLink[], issue: Issue) {
    const preview = presentIssue(issue);
    for (const link of links) {
      if (link.preview?.updatedAt === preview.updatedAt) continue;
      await link.update({ preview });
      await broadcast(`document-${link.documentId}`, "issue.update", preview).catch(() => { //= catch: yes  readers see an old preview, error is lost
        Metrics.increment("issues.broadcast_failed");
      });
    }
  }

  static parse(url: string): { owner: string; repo: string; number: number } | undefined {
    const match = /github\.com\/([^/]+)\/([^/]+)\/(?:issues|pull)\/(\d+)/.exec(url);
    if (!match) return; //= return: no  parser
    return { owner: match[1], repo: match[2], number: Number(match[3]) };
  }
}
