import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Readable } from 'node:stream'
import { componentLog } from '../log.js'

interface PutOptions {
  contentType: string
  metadata?: Record<string, string>
}

export class Storage {
  private readonly log = componentLog('s3')
  private readonly client: S3Client

  constructor(
    private readonly bucket: string,
    credentials: { accessKeyId: string; secretAccessKey: string },
  ) {
    this.client = new S3Client({ credentials })
    this.log.info({ bucket, credentials }, 'storage ready') //= no-sensitive-fields  credentials
  }

  async exists(key: string): Promise<boolean> {
    try {
      await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key }))
      return true //= return: no  predicate
    } catch (err: any) { //= catch: no  not found narrowed, rest rethrown
      if (err.$metadata?.httpStatusCode === 404) return false //= return: no  predicate
      throw err
    }
  }

  async put(key: string, body: Buffer | Readable, { contentType, metadata }: PutOptions): Promise<void> {
    const params = { Bucket: this.bucket, Key: key, Body: body, ContentType: contentType, Metadata: metadata }
    if (Buffer.isBuffer(body)) {
      await this.client.send(new PutObjectCommand(params))
      return //= return: no  branch is done
    }
    const upload = new Upload({ client: this.client, params, queueSize: 2 })
    upload.on('httpUploadProgress', ({ loaded }) => this.log.trace({ key, loaded }, 'uploading'))
    try {
      await upload.done()
    } catch (err) { //= catch: no  rethrown, though without the cause
      throw new Error(`upload of ${key} failed`) //= error-with-context  new Error without cause
    }
  }

  async text(key: string): Promise<string> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }))
    if (!Body) return '' //= return: no  getter
    return Body.transformToString()
  }

  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }))
  }

  async removePrefix(prefix: string): Promise<number> {
    if (prefix.length < 4) throw new RangeError('prefix is too short')
    let removed = 0
    let token: string | undefined
    do {
      const page = await this.client.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix, ContinuationToken: token }))
      const results = await Promise.allSettled((page.Contents ?? []).map(({ Key }) => this.remove(Key!)))
      const failed = results.filter((result) => result.status === 'rejected')
      if (failed.length > 0) {
        this.log.error({ prefix, removed, failed: failed.length, err: (failed[0] as PromiseRejectedResult).reason }, 'objects could not be removed')
        return removed //= return: no  logged
      }
      removed += results.length
      token = page.NextContinuationToken
    } while (token)
    return removed
  }
}
