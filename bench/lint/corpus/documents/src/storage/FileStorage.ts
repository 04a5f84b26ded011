import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Readable } from "stream";
import env from "../env";
import Logger from "../logging/Logger";
import { storageOperations } from "../logging/prometheus";

type StoreOptions = { key: string; body: Buffer | Readable | string; contentLength?: number; contentType?: string; acl?: string };

class FileStorage {
  private client = new S3Client({ region: env.AWS_REGION, endpoint: env.AWS_S3_UPLOAD_BUCKET_URL });

  async store({ key, body, contentLength, contentType, acl = "private" }: StoreOptions) {
    await this.client.send(
      new PutObjectCommand({ Bucket: env.AWS_S3_UPLOAD_BUCKET_NAME, Key: key, Body: body, ACL: acl, ContentType: contentType, ContentLength: contentLength })
    );
    storageOperations.inc({ operation: "store", key }); //= bounded-labels  object key as label
    return this.publicUrl(key);
  }

  async exists(key: string): Promise<boolean> {
    try {
      await this.client.send(new HeadObjectCommand({ Bucket: env.AWS_S3_UPLOAD_BUCKET_NAME, Key: key }));
      return true; //= return: no  predicate
    } catch (err) { //= catch: no  narrowed, the rest is rethrown
      if (err.name === "NotFound") return false; //= return: no  predicate
      throw err;
    }
  }

  async read(key: string): Promise<Buffer> {
    try {
      const data = await this.client.send(new GetObjectCommand({ Bucket: env.AWS_S3_UPLOAD_BUCKET_NAME, Key: key }));
      return Buffer.from(await data.Body!.transformToByteArray()); //= return: no  result
    } catch (err) { //= catch: no  logged and rethrown with cause
      Logger.error("storage", "Could not read object", err, { key }); //= no-double-report  logged as error and thrown on
      throw new Error("Object is not readable", { cause: err });
    }
  }

  async remove(key: string) {
    if (!key) return; //= return: no  nothing to remove, guard on the parameter
    try {
      await this.client.send(new DeleteObjectCommand({ Bucket: env.AWS_S3_UPLOAD_BUCKET_NAME, Key: key }));
    } catch (err) { //= catch: yes  object stays in the bucket for ever, cost and privacy, no trace
      storageOperations.inc({ operation: "remove" });
    }
  }

  async signedUrl(key: string, expiresIn = 60) {
    const isDocker = env.AWS_S3_UPLOAD_BUCKET_URL.match(/http:\/\/s3:/);
    if (isDocker) {
      return `${this.publicUrl(key)}`; //= return: no  getter
    }
    return getSignedUrl(this.client, new GetObjectCommand({ Bucket: env.AWS_S3_UPLOAD_BUCKET_NAME, Key: key }), { expiresIn });
  }

  private publicUrl(key: string) {
    const host = env.AWS_S3_ACCELERATE_URL || env.AWS_S3_UPLOAD_BUCKET_URL;
    if (!host) {
      return `/files/${key}`; //= return: no  getter
    }
    return `${host.replace(/\/$/, "")}/${env.AWS_S3_UPLOAD_BUCKET_NAME}/${key}`;
  }
}

export default new FileStorage();
