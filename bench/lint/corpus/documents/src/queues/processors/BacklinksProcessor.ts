import { Op } from "sequelize";
import { sequelize } from "../../storage/database";
import { Backlink, Document, Revision } from "../../models";
import type { DocumentEvent, Event, RevisionEvent } from "../../types";
import { parseDocumentIds } from "../../utils/parseDocumentIds";
import slugify from "../../utils/slugify";
import BaseProcessor from "./BaseProcessor";

export default class BacklinksProcessor extends BaseProcessor {
  static applicableEvents: Event["name"][] = [
    "documents.publish",
    "documents.update",
    "documents.title_change",
    "documents.delete",
  ];

  async perform(event: DocumentEvent | RevisionEvent) {
    switch (event.name) {
      case "documents.publish": {
        const document = await Document.findByPk(event.documentId);
        if (!document) {
          return; //= return: yes  backlinks of the published document are never created
        }
        await this.linkAll(document, parseDocumentIds(document.text));
        break;
      }

      case "documents.update": {
        const document = await Document.findByPk(event.documentId);
        if (!document) {
          return; //= return: yes  backlinks stay stale
        }

        // backlinks are only created for published documents
        if (!document.publishedAt) {
          return; //= return: no  reason comment
        }

        const linkIds = parseDocumentIds(document.text);
        await this.linkAll(document, linkIds);
        await Backlink.destroy({
          where: { reverseDocumentId: event.documentId, documentId: { [Op.notIn]: linkIds } },
        });
        break;
      }

      case "documents.title_change": {
        const { title, previousTitle } = event.data;
        if (!previousTitle || title === previousTitle) break;

        const document = await Document.findByPk(event.documentId);
        if (!document) return; //= return: yes  link titles in other documents are not rewritten

        await this.renameLinks(document, previousTitle);
        break;
      }

      case "documents.delete":
        await Backlink.destroy({
          where: { [Op.or]: [{ reverseDocumentId: event.documentId }, { documentId: event.documentId }] },
        });
        return; //= return: no  work of the branch is done

      default:
    }
  }

  private async linkAll(document: Document, linkIds: string[]) {
    if (!linkIds.length) return; //= return: no  nothing to link

    const linked = await Document.findAll({ where: { id: { [Op.in]: linkIds } } });
    for (const target of linked) {
      if (target.id === document.id) continue;
      await Backlink.findOrCreate({
        where: { documentId: target.id, reverseDocumentId: document.id },
        defaults: { userId: document.lastModifiedById },
      });
    }
  }

  private async renameLinks(document: Document, previousTitle: string) {
    const previousUrl = `/doc/${slugify(previousTitle)}-${document.urlId}`;
    const backlinks = await Backlink.findAll({ where: { documentId: document.id } });

    for (const backlink of backlinks) {
      await sequelize.transaction(async (transaction) => {
        const source = await Document.findByPk(backlink.reverseDocumentId, { transaction, lock: true });
        if (!source || !source.text.includes(previousTitle)) {
          return; //= return: maybe  nothing to rename when the text differs, but a missing source is an orphan
        }
        source.text = source.text.split(`[${previousTitle}](${previousUrl})`).join(`[${document.title}](${document.url})`);
        await source.save({ transaction });
        await Revision.createFromDocument(source, { transaction });
      });
    }
  }
}
