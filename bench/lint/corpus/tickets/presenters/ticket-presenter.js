'use strict';

const { escapeHtml } = require('../helpers/html');
const { formatDuration } = require('../helpers/duration');

const PRIVATE_FIELDS = new Set(['internal_notes', 'spam_score']);

function presentUser(user) {
  if (!user) return null; //= return: no  serialiser
  if (user.deleted_at) return { id: user.id, name: 'Deleted user' }; //= return: no  serialiser
  return { id: user.id, name: user.name, avatar: user.avatar_url || undefined };
}

function presentSla(timer, now = Date.now()) {
  if (timer === undefined || timer === null) {
    return null; //= return: no  serialiser
  }
  if (timer.stopped_at) return { state: 'met', took: formatDuration(timer.stopped_at - timer.created_at) }; //= return: no  serialiser
  const left = timer.due_at - now;
  return left < 0 ? { state: 'breached', by: formatDuration(-left) } : { state: 'running', left: formatDuration(left) };
}

function label(status) {
  switch (status) {
    case 'waiting_on_customer':
      return 'Waiting'; //= return: no  mapping
    case 'open':
    case 'new':
      return 'Open'; //= return: no  mapping
    case 'closed': {
      return 'Done'; //= return: no  mapping
    }
  }
  return 'Unknown';
}

async function presentTicket(ticket, { viewer, loaders }) {
  const base = {
    id: ticket.id,
    ref: ticket.ref,
    subject: escapeHtml(ticket.subject),
    status: label(ticket.status),
  };
  if (!viewer) return base; //= return: no  reduced serialisation

  const [assignee, timer] = await Promise.all([
    ticket.assignee_id ? loaders.user.load(ticket.assignee_id) : null,
    loaders.slaTimer.load(ticket.id),
  ]);

  const full = { ...base, assignee: presentUser(assignee), sla: presentSla(timer) };
  if (viewer.role === 'customer') {
    for (const key of PRIVATE_FIELDS) delete full[key];
    return full; //= return: no  reduced serialisation
  }

  try {
    full.custom = JSON.parse(ticket.custom_fields || '{}');
  } catch (_) { //= catch: no  parse probe with a fallback
    full.custom = {};
  }
  return full;
}

module.exports = { presentTicket, presentUser, presentSla };
