import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { MeiliSearch, Index } from 'meilisearch';
import { metrics } from '@opentelemetry/api';
import { ConfigService } from '@nestjs/config';
import { Post } from '../posts/post.entity';
import { stripMarkdown } from '../posts/markdown';

const meter = metrics.getMeter('community.search');
const indexed = meter.createCounter('search_documents_indexed');

export interface SearchDocument {
  id: string;
  title: string;
  text: string;
  space: string;
  createdAt: number;
}

@Injectable()
export class SearchIndexer implements OnModuleInit {
  private readonly logger = new Logger(SearchIndexer.name);
  private index?: Index<SearchDocument>;

  constructor(private readonly config: ConfigService) {}

  async onModuleInit() {
    const host = this.config.get<string>('MEILI_URL');
    if (!host) {
      this.logger.warn('Search is off, MEILI_URL is not set');
      return; //= return: no  logged
    }
    const apiKey = this.config.get<string>('MEILI_KEY');
    const client = new MeiliSearch({ host, apiKey });
    this.logger.log({ msg: 'search_connecting', host, apiKey }); //= no-sensitive-fields  API key
    try {
      await client.createIndex('posts', { primaryKey: 'id' });
    } catch (e: any) { //= catch: no  narrowed, rest rethrown
      if (e.code !== 'index_already_exists') throw e;
    }
    this.index = client.index('posts');
  }

  async add(post: Post): Promise<void> {
    if (!this.index) return; //= return: no  search is off, said once at start
    if (post.visibility === 'private') return; //= return: no  type filter on the parameter
    try {
      await this.index.addDocuments([this.toDocument(post)]);
      indexed.add(1, { space: post.space.slug, post: post.id }); //= bounded-labels  post id as attribute value
    } catch (error) { //= catch: yes  post missing from the search and nothing says so
      post.searchState = 'stale';
    }
  }

  async remove(id: string) {
    await this.index?.deleteDocument(id).catch((e) => this.logger.error(`Removing ${id} from search failed`, e.stack)); //= catch: no  logged with its stack //= structured-event  interpolated message
  }

  private toDocument(post: Post): SearchDocument {
    return {
      id: post.id,
      title: post.title,
      text: stripMarkdown(post.body).slice(0, 20_000),
      space: post.space.slug,
      createdAt: post.createdAt.getTime(),
    };
  }
}
