import { BeforeCreate, BeforeSave, AfterUpdate, AfterCreate, BelongsTo, Column, ForeignKey, Table } from "sequelize-typescript";
import type { CreateOptions, SaveOptions, Transaction } from "sequelize";
import { ValidationError } from "../errors";
import Logger from "../logging/Logger";
import { DocumentHelper } from "./helpers/DocumentHelper";
import Collection from "./Collection";
import ParanoidModel from "./base/ParanoidModel";
import { generateUrlId } from "../utils/urls";

type NavigationNode = { id: string; title: string; url: string; children: NavigationNode[] };

@Table({ tableName: "documents", modelName: "document" })
class Document extends ParanoidModel {
  @Column urlId: string;
  @Column title: string;
  @Column text: string;
  @Column publishedAt: Date | null;
  @Column archivedAt: Date | null;
  @Column version: number;
  @Column state: Uint8Array | null;

  @BelongsTo(() => Collection, "collectionId")
  collection: Collection | null | undefined;

  @ForeignKey(() => Collection)
  @Column
  collectionId?: string | null;

  get isDraft() {
    return !this.publishedAt;
  }

  get url() {
    if (!this.title) return `/doc/untitled-${this.urlId}`; //= return: no  getter
    return `/doc/${DocumentHelper.slug(this.title)}-${this.urlId}`;
  }

  @BeforeSave
  static async updateTitleInCollectionStructure(model: Document, { transaction }: SaveOptions<Document>) {
    // templates and drafts never appear in the structure
    if (!model.publishedAt || !model.changed("title") || !model.collectionId) {
      return; //= return: no  hook filter on the parameter with reason comment
    }

    const collection = await Collection.findByPk(model.collectionId, { transaction, lock: transaction!.LOCK.UPDATE });
    if (!collection) {
      return; //= return: yes  sidebar keeps the old title, no hint that the collection was missing
    }
    await collection.updateDocument(model, { transaction });
    model.collection = collection;
  }

  @AfterCreate
  static async addDocumentToCollectionStructure(model: Document, { transaction }: CreateOptions<Document>) {
    if (model.archivedAt || !model.publishedAt || !model.collectionId) return; //= return: no  hook filter on the parameter

    const collection = await Collection.findByPk(model.collectionId, { transaction });
    if (!collection) {
      Logger.warn("database", "Collection of new document not found", { documentId: model.id, collectionId: model.collectionId });
      return; //= return: no  logged
    }
    await collection.addDocumentToStructure(model, 0, { transaction });
  }

  @BeforeCreate
  static setUrlId(model: Document) {
    model.urlId = model.urlId || generateUrlId();
    if (model.text !== undefined && model.text.length > 1500000) {
      throw ValidationError("The document text must be less than 1.5 million characters");
    }
    return model;
  }

  @AfterUpdate
  static async rebuildState(model: Document) {
    if (!model.changed("text")) return; //= return: no  hook filter, nothing changed
    try {
      model.state = await DocumentHelper.toState(model.text);
      await model.save({ hooks: false, fields: ["state"] });
    } catch { //= catch: yes  collaborative state is stale and nothing records the failure
      model.state = null;
    }
  }

  async toNavigationNode(options?: { transaction?: Transaction }): Promise<NavigationNode> {
    const children = await (this.constructor as typeof Document).unscoped().findAll({
      where: { parentDocumentId: this.id, archivedAt: null },
      ...options,
    });
    return {
      id: this.id,
      title: this.title,
      url: this.url,
      children: await Promise.all(children.map((child) => child.toNavigationNode(options))),
    };
  }

  static *walk(nodes: NavigationNode[], limit = Infinity): Generator<NavigationNode> {
    let seen = 0;
    for (const node of nodes) {
      if (seen++ >= limit) return; //= return: no  generator of pure values
      yield node;
      yield* Document.walk(node.children, limit - seen);
    }
  }
}

export default Document;
