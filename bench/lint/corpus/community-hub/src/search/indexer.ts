import { getLogger } from '@logtape/logtape';
import { Client, errors } from '@opensearch-project/opensearch';
import { Post, Space } from '../models/index.js';
import { hub } from '../events/hub.js';
import { plainText } from '../utils/markdown.js';

const logger = getLogger(['hub', 'search']);
const INDEX = 'posts-v4';

interface PostDocument {
  id: string;
  spaceId: string;
  title: string;
  text: string;
  at: number;
}

export class SearchIndexer {
  private buffer = new Map<string, PostDocument | null>();
  private flushing?: Promise<void>;

  constructor(private readonly client: Client) {
    hub.on('post.saved', ({ postId }) => void this.enqueue(postId));
    hub.on('post.deleted', ({ postId }) => void this.buffer.set(postId, null));
    setInterval(() => this.flush().catch((e) => logger.error('flush failed: ' + e)), 2_000).unref(); //= catch: no  logged, though as text //= structured-event  concatenated //= error-with-context  error as text
  }

  async enqueue(postId: string): Promise<void> {
    const post = await Post.findByPk(postId, { include: [Space] });
    if (!post) return; //= return: maybe  deleted in between, the delete event follows
    if (post.Space.visibility === 'secret') return; //= return: yes  post is not searchable for a reason nobody can find
    if (post.hiddenAt || post.draft) {
      this.buffer.set(postId, null);
      return; //= return: no  branch queued the removal
    }
    const text = plainText(post.body);
    if (text.length < 3 && !post.title) return; //= return: no  nothing to index
    this.buffer.set(postId, { id: postId, spaceId: post.spaceId, title: post.title ?? '', text, at: +post.createdAt });
  }

  async flush(): Promise<void> {
    if (this.flushing) return this.flushing; //= return: no  shares the running flush
    if (this.buffer.size === 0) return; //= return: no  nothing to do

    const batch = [...this.buffer];
    this.buffer.clear();
    this.flushing = this.send(batch).finally(() => (this.flushing = undefined));
    await this.flushing;
  }

  private async send(batch: Array<[string, PostDocument | null]>): Promise<void> {
    const body = batch.flatMap(([id, doc]) => (doc ? [{ index: { _index: INDEX, _id: id } }, doc] : [{ delete: { _index: INDEX, _id: id } }]));
    let res;
    try {
      res = await this.client.bulk({ body });
    } catch (error) { //= catch: yes  batch is put back, but the outage is invisible
      for (const [id, doc] of batch) if (!this.buffer.has(id)) this.buffer.set(id, doc);
      return; //= return: yes  whole batch delayed and unreported
    }
    if (!res.body.errors) return; //= return: no  success
    const failed = res.body.items.filter((i: any) => i.index?.error);
    logger.warn('{count} documents refused', { count: failed.length, first: failed[0]?.index?.error?.type });
  }

  async ensureIndex(): Promise<boolean> {
    try {
      await this.client.indices.create({ index: INDEX });
      return true; //= return: no  result
    } catch (error) { //= catch: no  narrowed by type, the rest rethrown
      if (error instanceof errors.ResponseError && error.body.error.type === 'resource_already_exists_exception') return false; //= return: no  narrowed
      throw error;
    }
  }
}
