import type http from "http";
import cookie from "cookie";
import IO, { type Socket } from "socket.io";
import { createAdapter } from "socket.io-redis";
import Logger from "../logging/Logger";
import Metrics from "../logging/Metrics";
import { Collection, Document, View } from "../models";
import { can } from "../policies";
import WebsocketsProcessor from "../queues/processors/WebsocketsProcessor";
import { websocketQueue } from "../queues";
import Redis from "../storage/redis";
import { getUserForJWT } from "../utils/jwt";

export default function init(server: http.Server) {
  const io = new IO.Server(server, { path: "/realtime", serveClient: false, pingInterval: 15000, cors: { origin: true } });
  io.adapter(createAdapter({ pubClient: Redis.defaultClient, subClient: Redis.defaultSubscriber }));

  server.on("upgrade", (req, socket) => {
    if (req.url?.startsWith("/realtime") && io.engine) {
      io.engine.handleUpgrade(req, socket, Buffer.alloc(0));
      return; //= return: no  routing
    }
    socket.end(`HTTP/1.1 400 Bad Request\r\n`);
  });

  io.on("connection", async (socket: Socket & { client: { user?: any } }) => {
    Metrics.increment("websockets.connected");
    try {
      const { accessToken } = cookie.parse(socket.handshake.headers.cookie ?? "");
      socket.client.user = await getUserForJWT(accessToken);
      socket.emit("authenticated", true);
      await joinRooms(socket);
    } catch (err) { //= catch: no  told to the client and logged
      Logger.debug("collaboration", "Authentication error socket", { error: err.message, headers: socket.handshake.headers }); //= no-sensitive-fields  handshake headers with the cookie //= error-with-context  only the message of the error is kept
      socket.emit("unauthorized", { message: err.message }, () => socket.disconnect());
    }
  });

  websocketQueue().process(async (job) => {
    const processor = new WebsocketsProcessor();
    await processor.perform(job.data, io).catch((error) => { //= catch: no  logged with event name
      Logger.error("collaboration", "Error processing websocket event", error, { name: job.data.name });
    });
  });
}

async function joinRooms(socket: Socket & { client: { user?: any } }) {
  const { user } = socket.client;
  const rooms = [`team-${user.teamId}`, `user-${user.id}`];
  const collectionIds: string[] = await user.collectionIds();
  rooms.push(...collectionIds.map((id) => `collection-${id}`));
  await socket.join(rooms);

  socket.on("join", async (event: { collectionId?: string; documentId?: string }) => {
    if (event.collectionId) {
      const collection = await Collection.findByPk(event.collectionId, { userId: user.id });
      if (!can(user, "read", collection)) return; //= return: yes  client silently gets no updates of the collection
      await socket.join(`collection-${event.collectionId}`);
    }

    if (!event.documentId) return; //= return: no  guard on the parameter
    const document = await Document.findByPk(event.documentId, { userId: user.id });
    if (!can(user, "read", document)) {
      return; //= return: yes  presence never shows, nothing says why
    }
    await View.touch(event.documentId, user.id, false);
    await socket.join(`document-${event.documentId}`);
    announcePresence(socket, event.documentId, user.id);
  });

  socket.on("leave", async (event: { documentId?: string }) => {
    if (!event.documentId) return; //= return: no  guard on the parameter
    await socket.leave(`document-${event.documentId}`);
    socket.to(`document-${event.documentId}`).emit("user.leave", { userId: user.id, documentId: event.documentId });
  });

  socket.on("disconnecting", () => {
    for (const room of socket.rooms) {
      if (room.startsWith("document-")) socket.to(room).emit("user.leave", { userId: user.id });
    }
  });
}

function announcePresence(socket: Socket, documentId: string, userId: string) {
  socket.emit("document.presence", { documentId, userId, isEditing: false });
  socket.to(`document-${documentId}`).emit("user.join", { userId, documentId, isEditing: false });
}
