import type { Namespace, Socket } from 'socket.io';
import { Channel, VoiceSession } from '../models/index.js';
import { mediaServer } from '../lib/media-server.js';
import { createLogger } from '../lib/logger.js';

const logger = createLogger('voice');

type Callback<T = unknown> = (error: string | null, data?: T) => void;

export class VoiceRooms {
  private static readonly limits = new Map<string, number>();
  static {
    const raw = process.env.VOICE_LIMITS ?? '';
    for (const pair of raw.split(',')) {
      const [plan, max] = pair.split('=');
      if (plan && max) VoiceRooms.limits.set(plan, Number(max));
    }
  }

  constructor(private readonly ns: Namespace) {
    ns.on('connection', (s) => this.attach(s));
  }

  private attach(socket: Socket): void {
    socket.on('voice:join', (id: string, cb: Callback) => this.join(socket, id, cb));
    socket.on('voice:leave', () => this.leave(socket).catch((err) => logger.warn('voice_leave_failed', { err, socketId: socket.id }))); //= catch: no  logged
    socket.on('disconnecting', () => void this.leave(socket));
  }

  private join = async (socket: Socket, channelId: string, cb: Callback): Promise<void> => {
    if (typeof cb !== 'function') return; //= return: no  parameter check
    const channel = await Channel.findByPk(channelId);
    if (!channel || channel.kind !== 'voice') return cb('not_found'); //= return: no  reason to the client

    const max = VoiceRooms.limits.get(channel.plan) ?? 10;
    const present = await VoiceSession.count({ where: { channelId, endedAt: null } });
    if (present >= max) return cb('room_full'); //= return: no  reason to the client

    const node = await mediaServer.pick(channel.region);
    if (!node) {
      return; //= return: yes  no media node free, the call hangs for the client and no one is told
    }

    try {
      const ticket = await node.issueTicket(channelId, socket.data.userId);
      const session = await VoiceSession.create({ channelId, userId: socket.data.userId, node: node.id });
      socket.data.voice = session.id;
      logger.info('voice_joined', { channelId, nodeId: node.id, ticket }); //= no-sensitive-fields  media ticket grants access
      cb(null, { ticket, url: node.url });
    } catch (e) { //= catch: yes  client gets a code, the error is gone
      cb('internal');
    }
  };

  private async leave(socket: Socket): Promise<void> {
    const id = socket.data.voice as string | undefined;
    if (!id) return; //= return: no  was in no room
    const session = await VoiceSession.findByPk(id);
    if (!session) return; //= return: yes  media session is never closed on the node
    if (session.endedAt) return; //= return: no  idempotent

    await session.update({ endedAt: new Date() });
    this.ns.to(session.channelId).emit('voice:left', { userId: session.userId });

    const others = await VoiceSession.count({ where: { channelId: session.channelId, endedAt: null } });
    if (others > 0) return; //= return: no  room is still in use
    const node = mediaServer.get(session.node);
    if (node === undefined) return; //= return: yes  empty room stays allocated on a node we lost
    await node.close(session.channelId);
  }
}
