'use strict';

const bunyan = require('bunyan');
const { trace, SpanStatusCode } = require('@opentelemetry/api');
const { Ticket } = require('../models');
const search = require('../lib/search');

const log = bunyan.createLogger({ name: 'tasks.index-ticket' });
const tracer = trace.getTracer('tickets');

exports.queue = 'low';
exports.attempts = 4;

exports.perform = (data) =>
  tracer.startActiveSpan('index_ticket', async (span) => {
    span.setAttribute('ticket.id', data.ticketId);
    span.setAttribute('job.payload', JSON.stringify(data.request.headers)); //= no-sensitive-fields  request headers on a span
    try {
      const ticket = await Ticket.query().findById(data.ticketId).withGraphFetched('messages');
      if (!ticket) {
        await search.remove('tickets', data.ticketId);
        return 'removed'; //= return: no  did its work and says so
      }

      if (ticket.messages.length > 2000) return null; //= return: yes  huge ticket is never searchable, nothing says so

      const doc = toDocument(ticket);
      if (await search.isCurrent('tickets', ticket.id, doc.version)) return null; //= return: no  index already has this version

      await search.put('tickets', ticket.id, doc);
      return 'indexed'; //= return: no  end of the work inside try
    } catch (err) { //= catch: no  recorded on the span and rethrown
      span.recordException(err);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw err;
    } finally {
      span.end();
    }
  });

exports.bulk = async function bulk(accountId, cursor) {
  const rows = await Ticket.query().where('account_id', accountId).where('id', '>', cursor || 0).orderBy('id').limit(200);
  if (!rows.length) return void log.info({ accountId }, 'reindex complete'); //= return: no  logged in the return itself

  const res = await search.bulk(rows.map(toDocument)).catch((e) => ({ errors: true, reason: e })); //= catch: no  error is kept in the result
  if (res.errors) {
    log.error('bulk index failed: %s', res.reason && res.reason.message); //= error-with-context  message only, account not named
    return null; //= return: no  logged
  }
  return rows[rows.length - 1].id;
};

function toDocument(ticket) {
  return {
    id: ticket.id,
    version: +new Date(ticket.updated_at),
    subject: ticket.subject,
    body: (ticket.messages || []).map((m) => m.text).join('\n').slice(0, 32000),
  };
}
