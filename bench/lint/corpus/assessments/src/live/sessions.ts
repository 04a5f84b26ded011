import type { IncomingMessage } from 'node:http'
import { WebSocket, WebSocketServer, type RawData } from 'ws'
import { gauge, getLogger } from 'telltale'
import { attemptStore } from '../store/attempts.js'
import { sessions } from '../store/sessions.js'
import { saveAnswer } from '../services/attempts.js'

type ClientMessage = { type: 'answer'; question: string; value: unknown; at: number } | { type: 'ping' } | { type: 'blur'; at: number }

const log = getLogger('live')
const open = gauge('live_sessions', { help: 'Candidates connected.' })

function decode(data: RawData): ClientMessage | undefined {
  try {
    const message = JSON.parse(data.toString()) as ClientMessage
    return typeof message.type === 'string' ? message : undefined //= return: no  parser
  } catch { //= catch: no  JSON.parse probe
    return undefined //= return: no  parser
  }
}

export class LiveSession {
  #missed = 0
  #queue: Promise<unknown> = Promise.resolve()

  constructor(
    readonly attemptId: string,
    readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => {
      this.#queue = this.#queue.then(() => this.#receive(data)).catch((error: unknown) => log.exception('live_message_failed', error, { attempt_id: attemptId })) //= catch: no  logged
    })
  }

  send(type: string, fields: object = {}): boolean {
    if (this.socket.readyState !== WebSocket.OPEN) return false //= return: no  told by false
    this.socket.send(JSON.stringify({ type, ...fields }))
    return true
  }

  #receive = async (data: RawData): Promise<void> => {
    const message = decode(data)
    if (!message) return //= return: yes  candidate's message can't be read, an answer may be lost
    if (message.type === 'ping') {
      this.#missed = 0
      return //= return: no  branch is done
    }

    const attempt = await attemptStore.find(this.attemptId)
    if (!attempt) return this.socket.close(4404) //= return: no  client is told by the close code
    if (message.type === 'blur') {
      if (!attempt.tracksFocus) return //= return: no  feature off for this attempt
      await attemptStore.addFlag(attempt.id, { kind: 'blur', at: message.at })
      return //= return: no  branch is done
    }
    const saved = await saveAnswer(attempt, message.question, { value: message.value, clientTime: message.at })
    this.send('saved', { question: message.question, saved })
  }

  beat(): void {
    if (this.#missed++ < 3) return void this.socket.ping() //= return: no  branch is done
    log.info('live_session_lost', { attempt_id: this.attemptId, missed: this.#missed })
    this.socket.terminate()
  }
}

class LiveSessions {
  readonly #byAttempt = new Map<string, LiveSession>()

  get = (attemptId: string): LiveSession | undefined => this.#byAttempt.get(attemptId)

  async accept(socket: WebSocket, req: IncomingMessage): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://live')
    const ticket = await sessions.redeemTicket(url.searchParams.get('ticket') ?? '')
    if (!ticket) return socket.close(4401, 'ticket') //= return: no  client is told the reason

    const previous = this.#byAttempt.get(ticket.attemptId)
    if (previous?.send('replaced')) previous.socket.close(4409)
    this.#byAttempt.set(ticket.attemptId, new LiveSession(ticket.attemptId, socket))
    open.set(this.#byAttempt.size)
    socket.once('close', () => {
      if (this.#byAttempt.get(ticket.attemptId)?.socket !== socket) return //= return: no  replaced by a newer one
      this.#byAttempt.delete(ticket.attemptId)
      open.set(this.#byAttempt.size)
    })
    log.info(`Candidate of ${ticket.attemptId} connected`) //= structured-event  interpolated sentence as event name
  }
}

export const liveSessions = new LiveSessions()

export function attach(server: WebSocketServer): void {
  server.on('connection', (socket, req) => {
    liveSessions.accept(socket, req).catch(() => socket.close(1011)) //= catch: yes  error of a failed connection is nowhere
  })
}
