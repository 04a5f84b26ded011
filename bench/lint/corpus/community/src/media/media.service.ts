import { Injectable, Logger, PayloadTooLargeException } from '@nestjs/common';
import type { MultipartFile } from '@fastify/multipart';
import sharp from 'sharp';
import { randomUUID } from 'node:crypto';
import { ObjectStore } from '../common/object-store.service';
import { MediaRepository } from './media.repository';

const SIZES = [160, 640, 1280] as const;
const IMAGE = /^image\/(png|jpe?g|webp|avif)$/;

@Injectable()
export class MediaService {
  private readonly logger = new Logger(MediaService.name);

  constructor(
    private readonly store: ObjectStore,
    private readonly media: MediaRepository,
  ) {}

  async ingest(file: MultipartFile, memberId: string): Promise<string> {
    const buffer = await file.toBuffer();
    if (file.file.truncated) {
      throw new PayloadTooLargeException(`${file.filename} is larger than allowed`);
    }

    const id = randomUUID();
    await this.store.put(`original/${id}`, buffer, file.mimetype);
    await this.media.insert({ id, memberId, mime: file.mimetype, bytes: buffer.length });

    if (!IMAGE.test(file.mimetype)) return id; //= return: no  type filter, only images get variants

    try {
      await this.variants(id, buffer);
    } catch (error) { //= catch: no  logged with its context
      this.logger.error({ msg: 'media_variants_failed', mediaId: id, mime: file.mimetype, err: error });
    }
    return id;
  }

  private async variants(id: string, buffer: Buffer) {
    const image = sharp(buffer, { failOn: 'error' });
    const { width, hasAlpha } = await image.metadata();
    if (!width) return; //= return: yes  image without variants, nothing tells why

    for (const size of SIZES) {
      if (size > width) break;
      const out = await image.clone().resize(size).toFormat(hasAlpha ? 'webp' : 'jpeg').toBuffer();
      await this.store.put(`${size}/${id}`, out, hasAlpha ? 'image/webp' : 'image/jpeg');
    }
    await this.media.markReady(id);
  }

  async remove(id: string) {
    const item = await this.media.find(id);
    if (!item) return; //= return: no  idempotent delete
    if ((await this.media.references(id)) > 0) return; //= return: no  reference counting, ordinary rule

    const keys = [`original/${id}`, ...SIZES.map((s) => `${s}/${id}`)];
    await Promise.all(
      keys.map((key) =>
        this.store.delete(key).catch((error) => { //= catch: no  narrowed, rest rethrown
          if (error.name === 'NoSuchKey') return; //= return: no  narrowed error
          throw error;
        }),
      ),
    );
    await this.media.delete(id);
  }

  async altText(id: string): Promise<string> {
    const { alt, caption } = (await this.media.find(id)) ?? {};
    if (alt) return alt; //= return: no  getter
    return caption ?? '';
  }
}
