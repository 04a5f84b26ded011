'use strict';

const { EventEmitter, once } = require('events');
const bus = require('../lib/events');
const { User, Ticket, Preference } = require('../models');
const { extractMentions } = require('../helpers/mentions');
const push = require('../services/push');
const { logger } = require('../lib/logger');

class MentionNotifier extends EventEmitter {
  #seen = new WeakSet();

  start() {
    bus.on('note.created', this.#onNote);
    bus.on('note.updated', (evt) => {
      if (this.#seen.has(evt.note)) return; //= return: no  de-duplication of the same object
      this.#onNote(evt);
    });
    return this;
  }

  #onNote = async ({ note, authorId }) => {
    this.#seen.add(note);
    const handles = extractMentions(note.body);
    if (!handles.size) return; //= return: no  nothing to do

    const ticket = await Ticket.query().findById(note.ticket_id);
    if (ticket?.archived_at ?? true) return; //= return: yes  mention in archived or lost ticket is dropped

    const users = await User.query().whereIn('handle', [...handles]).where('account_id', ticket.account_id);

    await Promise.allSettled(
      users.map(async (user) => {
        if (user.id === authorId) return; //= return: no  own mention
        if (!(await this.#wants(user, 'mention'))) return; //= return: yes  preference blocks the notice, unanswerable later
        if (!user.can_see_all && !ticket.team_ids.includes(user.team_id)) {
          this.emit('hidden', { userId: user.id, ticketId: ticket.id });
          return; //= return: maybe  an event is emitted, unclear whether it ends in a log
        }

        try {
          await push.send(user.id, { kind: 'mention', ticketId: ticket.id, noteId: note.id });
        } catch { //= catch: yes  push failure unseen, error not even bound
          this.emit('missed', user.id);
        }
      }),
    );
  };

  async #wants(user, kind) {
    const pref = await Preference.query().findOne({ user_id: user.id, kind });
    if (!pref) return true; //= return: no  predicate default
    if (pref.muted_until && pref.muted_until > new Date()) return false; //= return: no  predicate
    return pref.enabled;
  }

  async drain() {
    if (this.listenerCount('idle') === 0) return; //= return: no  nobody waits
    await once(this, 'idle').catch((err) => logger.warn('mention_drain_failed', { err })); //= catch: no  logged
  }
}

module.exports = new MentionNotifier().start();
