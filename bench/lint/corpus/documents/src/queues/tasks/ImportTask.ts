import { truncate } from "lodash";
import unzipper from "unzipper";
import Logger from "../../logging/Logger";
import { Attachment, Collection, Document, FileOperation, User } from "../../models";
import { DocumentConverter } from "../../services/DocumentConverter";
import { sequelize } from "../../storage/database";
import FileStorage from "../../storage/FileStorage";
import BaseTask from "./BaseTask";

type Props = { fileOperationId: string };
type StructuredImport = { collections: { id: string; name: string }[]; documents: ImportedDocument[] };
type ImportedDocument = { id: string; title: string; text: string; collectionId: string; parentDocumentId?: string; path: string };

export default class ImportTask extends BaseTask<Props> {
  public async perform({ fileOperationId }: Props) {
    let fileOperation = await FileOperation.findByPk(fileOperationId);
    // Operations are claimed by the first worker, a redelivered job has nothing left to do
    if (!fileOperation || fileOperation.state !== "uploading") return; //= return: no  reason comment

    try {
      fileOperation = await fileOperation.update({ state: "creating" });
      const buffer = await FileStorage.read(fileOperation.key);
      const parsed = await this.parse(buffer);
      if (parsed.collections.length === 0) {
        await fileOperation.update({ state: "error", error: "The archive contains no collections" });
        return; //= return: no  reason stored for the user to see
      }
      const result = await this.persist(parsed, fileOperation);
      await fileOperation.update({ state: "complete" });
      return result; //= return: no  result
    } catch (error) { //= catch: no  state kept, rethrown
      await fileOperation.update({ state: "error", error: truncate(error.message, { length: 255 }) });
      throw error;
    }
  }

  private async parse(buffer: Buffer): Promise<StructuredImport> {
    const output: StructuredImport = { collections: [], documents: [] };
    const archive = await unzipper.Open.buffer(buffer);

    for (const file of archive.files) {
      const [collectionName, ...rest] = file.path.split("/");
      if (file.type === "Directory" && rest.join("") === "") {
        output.collections.push({ id: collectionName, name: collectionName });
        continue;
      }
      if (!file.path.endsWith(".md")) continue;

      try {
        const { title, text } = await DocumentConverter.fromMarkdown(await file.buffer());
        output.documents.push({ id: file.path, title, text, collectionId: collectionName, path: file.path });
      } catch { //= catch: yes  a file of the import is left out without any trace
        continue;
      }
    }
    return output;
  }

  private async persist(data: StructuredImport, fileOperation: FileOperation) {
    const user = await User.findByPk(fileOperation.userId, { rejectOnEmpty: true });
    const collections = new Map<string, Collection>();

    await sequelize.transaction(async (transaction) => {
      for (const item of data.collections) {
        const collection = await Collection.create({ name: item.name, teamId: user.teamId, createdById: user.id, importId: fileOperation.id }, { transaction });
        collections.set(item.id, collection);
      }

      const createDocument = async (item: ImportedDocument) => {
        const collection = collections.get(item.collectionId);
        if (!collection) {
          return; //= return: yes  document left out of the import
        }
        const document = await Document.create({ title: item.title, text: item.text, collectionId: collection.id, createdById: user.id }, { transaction });
        await this.attach(document, item.path);
      };
      for (const item of data.documents) await createDocument(item);
    });
    return collections;
  }

  private async attach(document: Document, path: string) {
    const attachments = await Attachment.findAll({ where: { importPath: path, documentId: null } });
    if (attachments.length < 1) return; //= return: no  nothing to attach
    for (const attachment of attachments) {
      await attachment.update({ documentId: document.id }).catch((err) => { //= catch: no  logged
        Logger.error("task", "Attachment could not be linked", err, { attachmentId: attachment.id, documentId: document.id });
      });
    }
  }

  public async onFailed(props: Props) {
    try {
      await FileOperation.update({ state: "error" }, { where: { id: props.fileOperationId } });
    } catch (err) { //= catch: yes  import hangs in state creating for ever
      // ignore
    }
  }
}
