import invariant from "invariant";
import { escapeRegExp, find, map } from "lodash";
import queryParser from "pg-tsquery";
import { Op, QueryTypes } from "sequelize";
import { Collection, Document, Share, Team, User } from "../models";
import { sequelize } from "../storage/database";

type SearchOptions = { query: string; limit?: number; offset?: number; collectionId?: string | null; share?: Share };
type SearchResponse = { results: { ranking: number; context: string | undefined; document: Document }[]; total: number };
type RankedDocument = Document & { id: string; dataValues: Partial<Document> & { searchRanking: number } };

export default class SearchHelper {
  static maxQueryLength = 1000;

  static async searchForTeam(team: Team, options: SearchOptions): Promise<SearchResponse> {
    const collectionIds = await team.collectionIds();
    if (!collectionIds.length) {
      return { results: [], total: 0 }; //= return: no  query without effects
    }

    const where = { teamId: team.id, collectionId: { [Op.in]: collectionIds }, archivedAt: null, publishedAt: { [Op.ne]: null } };
    if (options.share?.includeChildDocuments) {
      const shared = await options.share.$get("document");
      invariant(shared, "Cannot find document for share");
      Object.assign(where, { id: [shared.id, ...(await shared.findAllChildDocumentIds())] });
    }
    return this.run(where, options);
  }

  static async searchForUser(user: User, options: SearchOptions): Promise<SearchResponse> {
    const query = options.query.slice(0, this.maxQueryLength);
    if (!query) return { results: [], total: 0 }; //= return: no  empty query

    const collectionIds = options.collectionId ? [options.collectionId] : await user.collectionIds();
    return this.run({ teamId: user.teamId, collectionId: { [Op.in]: collectionIds } }, { ...options, query });
  }

  private static async run(where: Record<string, unknown>, { query, limit = 15, offset = 0 }: SearchOptions): Promise<SearchResponse> {
    const replacements = { query: this.webSearchQuery(query) };
    const results = (await Document.unscoped().findAll({ attributes: ["id"], where, replacements, limit, offset, subQuery: false })) as RankedDocument[];
    const [{ count }] = await sequelize.query<{ count: number }>("SELECT count(*) FROM documents WHERE searchVector @@ to_tsquery(:query)", { type: QueryTypes.SELECT, replacements });
    const documents = await Document.scope("withState").findAll({ where: { id: map(results, "id") } });

    return {
      results: results.map((result) => {
        const document = find(documents, { id: result.id }) as Document;
        return { ranking: result.dataValues.searchRanking, context: this.contextOf(query, document), document };
      }),
      total: count,
    };
  }

  private static contextOf(query: string, document: Document): string | undefined {
    const regex = new RegExp(`\\b${escapeRegExp(query)}\\b`, "i");
    for (const line of document.text.split("\n")) {
      if (regex.test(line)) return line.trim(); //= return: no  pure text
    }
    return undefined;
  }

  private static webSearchQuery(query: string): string {
    const unescaped = query.replace(/\bhttps?:\/\//g, "");
    return queryParser()(unescaped);
  }
}
