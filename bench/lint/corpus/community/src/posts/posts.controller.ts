import { Body, Controller, Delete, Get, HttpException, Param, Post, Query, Req, Res } from '@nestjs/common';
import { EventBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PostsRepository } from './posts.repository';
import { PostPublishedEvent } from './events/post-published.event';
import { CreatePostDto, ListPostsDto } from './posts.dto';
import { LinkPreviewService } from './link-preview.service';
import { CurrentMember } from '../common/current-member.decorator';
import type { Member } from '../members/member.entity';

type Cursor = { at: string; id: string };

@Controller('posts')
export class PostsController {
  constructor(
    private readonly posts: PostsRepository,
    private readonly events: EventBus,
    private readonly previews: LinkPreviewService,
  ) {}

  @Get()
  async list(@Query() query: ListPostsDto) {
    const cursor = this.decode(query.after);
    if (query.after && !cursor) throw new HttpException('Bad cursor', 400);
    const rows = await this.posts.page(query.space, cursor, query.limit);
    return { items: rows, next: rows.length < query.limit ? null : this.encode(rows.at(-1)!) };
  }

  @Get(':id')
  async one(@Param('id') id: string, @CurrentMember() me: Member | null, @Res({ passthrough: true }) reply: FastifyReply) {
    const post = await this.posts.find(id);
    if (!post) return reply.code(404).send({ message: 'No such post' }); //= return: no  404 to the caller
    if (post.hiddenAt && me?.id !== post.authorId) {
      return reply.code(410).send({ message: 'Hidden by the moderators' }); //= return: no  answered with the reason
    }
    this.posts.countView(id).catch(() => {}); //= catch: maybe  view counter only, but an outage would stay unseen
    return post;
  }

  @Post()
  async create(@Body() dto: CreatePostDto, @CurrentMember() me: Member, @Req() req: FastifyRequest) {
    console.log(req.body); //= no-console  left-over debug print //= no-sensitive-fields  whole body
    const link = this.previews.firstLink(dto.body);
    const post = await this.posts.insert({ ...dto, authorId: me.id, ip: req.ip, link: link?.href });
    if (dto.draft) return post; //= return: no  drafts are not published, result returned
    this.events.publish(new PostPublishedEvent(post.id, 1));
    return post;
  }

  @Delete(':id')
  async remove(@Param('id') id: string, @CurrentMember() me: Member) {
    const deleted = await this.posts.softDelete(id, me.id);
    if (!deleted) throw new HttpException('Not yours or gone', 404);
    return { deleted: true };
  }

  private encode(row: Cursor) {
    return Buffer.from(`${row.at}|${row.id}`).toString('base64url');
  }

  private decode(raw?: string): Cursor | undefined {
    if (!raw) return undefined; //= return: no  parser
    const [at, id] = Buffer.from(raw, 'base64url').toString().split('|');
    if (!at || !id || Number.isNaN(Date.parse(at))) return undefined; //= return: no  parser
    return { at, id };
  }
}
