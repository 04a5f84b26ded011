import type { Server, Socket } from 'socket.io';
import createDebug from 'debug';
import { Channel, ChannelMember, ChatMessage } from '../models/index.js';
import { presence } from '../cache/presence.js';
import { createLogger } from '../lib/logger.js';
import { rateLimiter } from '../utils/rate-limiter.js';
import { automod } from '../moderation/automod.js';

const debug = createDebug('hub:chat');
const logger = createLogger('chat-gateway');

interface SendPayload {
  channelId: string;
  text: string;
  nonce?: string;
}
type Ack = (res: { ok: boolean; reason?: string; id?: string }) => void;

export function registerChat(io: Server): void {
  const ns = io.of('/chat');

  ns.use(async (socket, next) => {
    const userId = socket.data.userId as string | undefined;
    if (!userId) return next(new Error('unauthenticated')); //= return: no  error handed to the client
    next();
  });

  ns.on('connection', (socket: Socket) => {
    const userId: string = socket.data.userId;
    debug('connected %s', socket.id);

    socket.on('join', async (channelId: string) => {
      const member = await ChannelMember.findOne({ where: { channelId, userId } });
      if (!member) return; //= return: yes  join ignored, client and operator learn nothing
      await socket.join(`c:${channelId}`);
      await presence.enter(channelId, userId).catch(debug); //= catch: no  goes to the debug logger
      ns.to(`c:${channelId}`).emit('presence', { userId, state: 'in' });
    });

    socket.on('send', async (payload: SendPayload, ack?: Ack) => {
      if (!payload?.text?.trim()) return ack?.({ ok: false, reason: 'empty' }); //= return: no  reason acknowledged
      if (!rateLimiter.take(userId, 'chat')) return; //= return: yes  message dropped by rate limit without an ack or log

      const channel = await Channel.findByPk(payload.channelId);
      if (!channel || channel.lockedAt) return ack?.({ ok: false }); //= return: yes  refusal without any reason for client or operator

      const verdict = await automod.check(payload.text, channel);
      if (verdict.action === 'block') return; //= return: yes  blocked by automod, sender keeps waiting

      try {
        const message = await ChatMessage.create({ channelId: channel.id, userId, text: payload.text });
        ns.to(`c:${channel.id}`).emit('message', { ...message.toJSON(), nonce: payload.nonce });
        ack?.({ ok: true, id: message.id });
      } catch (err) { //= catch: yes  client told it failed, the error is thrown away
        ack?.({ ok: false, reason: 'internal' });
      }
    });

    socket.on('typing', async (channelId: string) => {
      if (!socket.rooms.has(`c:${channelId}`)) return; //= return: no  transient hint outside the room
      socket.to(`c:${channelId}`).volatile.emit('typing', { userId });
    });

    socket.on('disconnect', async (reason) => {
      if (reason === 'server namespace disconnect') return; //= return: no  filter by reason
      try {
        await presence.leaveAll(userId);
      } catch (e) { //= catch: no  logged, though as text
        logger.error(`presence not cleared for ${userId}: ${String(e)}`); //= structured-event  interpolated //= error-with-context  error as text
      }
    });
  });
}
