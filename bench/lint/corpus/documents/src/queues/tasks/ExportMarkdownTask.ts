import fs from "fs-extra";
import JSZip from "jszip";
import tmp from "tmp";
import ExportFailureEmail from "../../emails/ExportFailureEmail";
import ExportReadyEmail from "../../emails/ExportReadyEmail";
import Logger from "../../logging/Logger";
import { Attachment, Collection, Document, FileOperation, User } from "../../models";
import FileStorage from "../../storage/FileStorage";
import { serializeFilename } from "../../utils/filenames";
import parseAttachmentIds from "../../utils/parseAttachmentIds";
import BaseTask, { TaskPriority } from "./BaseTask";

type Props = { fileOperationId: string };

export default class ExportMarkdownTask extends BaseTask<Props> {
  public async perform({ fileOperationId }: Props) {
    const fileOperation = await FileOperation.findByPk(fileOperationId);
    if (!fileOperation) {
      throw new Error("File operation does not exist");
    }

    const user = await User.findByPk(fileOperation.userId);
    if (!user || user.isSuspended) {
      await fileOperation.update({ state: "expired" });
      return; //= return: yes  export is dropped, the state alone does not tell why
    }

    let filePath: string | undefined;
    try {
      await fileOperation.update({ state: "creating" });
      filePath = await this.archive(fileOperation);

      const stat = await fs.stat(filePath);
      await FileStorage.store({ key: fileOperation.key, body: fs.createReadStream(filePath), contentLength: stat.size });
      await fileOperation.update({ state: "complete", size: stat.size });
      await new ExportReadyEmail({ to: user.email, fileOperationId }).schedule();
    } catch (error) { //= catch: no  rethrown
      await fileOperation.update({ state: "error", error: error.message });
      await new ExportFailureEmail({ to: user.email, fileOperationId }).schedule();
      throw error;
    } finally {
      if (filePath) {
        // temporary file, the container is recycled anyway
        await fs.unlink(filePath).catch(() => {}); //= catch: no  best-effort cleanup with comment
      }
    }
  }

  private async archive(fileOperation: FileOperation): Promise<string> {
    const zip = new JSZip();
    const collections = fileOperation.collectionId
      ? [await Collection.findByPk(fileOperation.collectionId)]
      : await Collection.findAll({ where: { teamId: fileOperation.teamId } });

    for (const collection of collections) {
      if (!collection?.documentStructure) continue;
      for (const node of collection.documentStructure) {
        await this.addDocument(zip, node.id, serializeFilename(collection.name));
      }
    }

    return new Promise((resolve, reject) => {
      tmp.file({ prefix: "export-", postfix: ".zip" }, (err, path) => {
        if (err) {
          return reject(err); //= return: no  error passed on
        }
        zip
          .generateNodeStream({ streamFiles: true })
          .pipe(fs.createWriteStream(path))
          .on("finish", () => resolve(path))
          .on("error", reject);
      });
    });
  }

  private async addDocument(zip: JSZip, id: string, folder: string) {
    const document = await Document.findByPk(id);
    if (!document) {
      return; //= return: yes  document silently left out of the export
    }

    let text = document.toMarkdown();
    for (const attachmentId of parseAttachmentIds(text)) {
      const attachment = await Attachment.findByPk(attachmentId);
      if (!attachment) continue;
      try {
        const buffer = await attachment.buffer;
        zip.file(`${folder}/uploads/${attachment.name}`, buffer);
        text = text.replace(attachment.redirectUrl, `uploads/${attachment.name}`);
      } catch (err) { //= catch: no  logged with ids
        Logger.error("task", "Failed to add attachment to archive", err, { attachmentId, documentId: id });
      }
    }
    zip.file(`${folder}/${serializeFilename(document.title)}.md`, text);
  }

  public get options() {
    return { attempts: 1, priority: TaskPriority.Low };
  }
}
