import { Inject, Injectable } from '@nestjs/common';
import { CACHE_MANAGER, Cache } from '@nestjs/cache-manager';
import { HttpService } from '@nestjs/axios';
import { firstValueFrom } from 'rxjs';
import { parse } from 'node-html-parser';

export interface LinkPreview {
  title: string;
  description?: string;
  image?: string;
}

@Injectable()
export class LinkPreviewService {
  constructor(
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    private readonly http: HttpService,
  ) {}

  firstLink(body: string): URL | null {
    const match = /https?:\/\/[^\s)>\]]+/.exec(body);
    if (!match) return null; //= return: no  parser
    try {
      const url = new URL(match[0]);
      return this.isPublic(url) ? url : null; //= return: no  parser
    } catch { //= catch: no  URL probe
      return null; //= return: no  parser
    }
  }

  async preview(url: URL): Promise<LinkPreview | null> {
    const key = `preview:${url.href}`;
    const known = await this.cache.get<LinkPreview | false>(key);
    if (known !== undefined) return known || null; //= return: no  cache hit

    const html = await this.fetch(url);
    if (html === null) {
      await this.cache.set(key, false, 10 * 60_000);
      return null; //= return: no  negative cache, previews are decoration
    }

    const result = this.extract(html);
    await this.cache.set(key, result ?? false, 24 * 60 * 60_000);
    return result;
  }

  private async fetch(url: URL): Promise<string | null> {
    try {
      const { data, headers } = await firstValueFrom(
        this.http.get(url.href, { timeout: 3000, maxContentLength: 512 * 1024, responseType: 'text' }),
      );
      if (!headers['content-type']?.includes('text/html')) return null; //= return: no  type filter
      return data; //= return: no  result returned
    } catch { //= catch: no  commented, strangers' sites fail all the time
      // dead links and slow sites are the normal case here
      return null; //= return: no  reason in the comment
    }
  }

  private extract(html: string): LinkPreview | null {
    const meta = (name: string) => parse(html).querySelector(`meta[property="og:${name}"]`)?.getAttribute('content');
    const title = meta('title');
    if (!title) return null; //= return: no  parser
    return { title, description: meta('description'), image: meta('image') };
  }

  private isPublic({ hostname }: URL): boolean {
    return !/^(localhost|127\.|10\.|192\.168\.|\[)/.test(hostname);
  }
}
