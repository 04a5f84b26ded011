'use strict';

const { simpleParser } = require('mailparser');
const winston = require('winston');
const { Mailbox, Ticket, Customer, BlockedSender } = require('../models');
const { stripQuoted } = require('../helpers/quoted-text');
const events = require('../lib/events');
const storage = require('../lib/storage');

const logger = winston.child({ service: 'mail-intake' });
const MAX_RAW = 25 * 1024 * 1024;

function threadRef(parsed) {
  const refs = [].concat(parsed.references || [], parsed.inReplyTo || []);
  for (const ref of refs) {
    const m = /<t-(\d+)\.[a-z0-9]+@/.exec(ref);
    if (m) return Number(m[1]); //= return: no  parser
  }
  const subject = /\[#(\d+)\]/.exec(parsed.subject || '');
  return subject ? Number(subject[1]) : null;
}

function looksAutomatic(headers) {
  if (headers.get('auto-submitted') && headers.get('auto-submitted') !== 'no') return true; //= return: no  predicate
  if (headers.has('list-id')) return true; //= return: no  predicate
  return /^(bulk|junk)$/i.test(headers.get('precedence') || '');
}

async function receive({ recipient, rawKey, size }) {
  if (size > MAX_RAW) {
    logger.warn('inbound mail too large', { recipient, size });
    return { status: 'rejected', reason: 'too_large' }; //= return: no  logged and reason returned
  }

  const mailbox = await Mailbox.findOne({ address: recipient.toLowerCase(), active: true });
  if (!mailbox) return; //= return: yes  mail for an unknown or inactive address is thrown away

  let parsed;
  try {
    parsed = await simpleParser(await storage.stream(rawKey));
  } catch (err) { //= catch: no  parked with the error text for review
    await storage.copy(rawKey, `unparsable/${rawKey}`, { error: String(err) });
    return { status: 'parked' }; //= return: no  result says what happened
  }

  const from = parsed.from?.value?.[0]?.address;
  if (!from) return { status: 'ignored' }; //= return: maybe  status but no reason

  if (looksAutomatic(parsed.headers)) return; //= return: yes  mail is judged automatic and dropped

  const blocked = await BlockedSender.exists({ account: mailbox.account, pattern: from.split('@')[1] });
  if (blocked) {
    return; //= return: yes  blocked sender, support would be asked where the mail went
  }

  const customer = await Customer.findOrCreate(mailbox.account, from, parsed.from.value[0].name);
  const ref = threadRef(parsed);
  const existing = ref && (await Ticket.findOne({ account: mailbox.account, number: ref, customer: customer._id }));

  if (existing) {
    await existing.addMessage({ author: customer._id, text: stripQuoted(parsed.text), raw: rawKey });
    events.emit('message.created', { ticketId: existing.id, authorType: 'customer' });
    return { status: 'appended', ticketId: existing.id }; //= return: no  branch done
  }

  const ticket = await Ticket.create({ account: mailbox.account, mailbox: mailbox._id, customer: customer._id, subject: parsed.subject });
  logger.info(`created ticket ${ticket.number} from mail`, { ticketId: ticket.id }); //= structured-event  interpolated message
  events.emit('ticket.created', { ticketId: ticket.id, accountId: mailbox.account });
  return { status: 'created', ticketId: ticket.id };
}

module.exports = { receive, threadRef, looksAutomatic };
