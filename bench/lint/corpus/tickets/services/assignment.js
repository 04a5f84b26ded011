'use strict';

const db = require('../lib/db');
const events = require('../lib/events');
const { metrics } = require('@opentelemetry/api');
const logger = require('../lib/logger');

const meter = metrics.getMeter('assignment');
const assignments = meter.createCounter('ticket_assignments');
const waiting = meter.createHistogram('ticket_assignment_wait_seconds');

function matches(rule, ticket) {
  if (!rule.conditions.length) return true; //= return: no  pure
  for (const { field, op, value } of rule.conditions) {
    const actual = ticket[field];
    if (op === 'eq' && actual !== value) return false; //= return: no  pure
    else if (op === 'contains' && !String(actual).includes(value)) return false; //= return: no  pure
    else if (op === 'in' && !value.includes(actual)) return false; //= return: no  pure
  }
  return true;
}

async function pickAgent(teamId, trx) {
  const agents = await trx('agents').where({ team_id: teamId, online: true }).orderBy('open_count');
  if (!agents.length) return null; //= return: no  query helper, caller decides
  const capacity = agents.filter((a) => a.open_count < a.capacity);
  if (capacity.length === 0) return null; //= return: no  query helper, caller decides
  return capacity[0];
}

async function assignTicket(ticketId) {
  const result = await db.transaction(async (trx) => {
    const ticket = await trx('tickets').where('id', ticketId).forUpdate().first();
    if (!ticket) return; //= return: yes  ticket vanished, assignment never happens
    if (ticket.assignee_id) return { ticket, agent: null }; //= return: no  already assigned, result says so

    const rules = await trx('assignment_rules').where('account_id', ticket.account_id).orderBy('position');
    const rule = rules.find((r) => matches(r, ticket));
    if (!rule) return; //= return: yes  no rule matched, the ticket stays unassigned and nobody can tell why

    const agent = await pickAgent(rule.team_id, trx);
    if (!agent) {
      await trx('assignment_backlog').insert({ ticket_id: ticketId, team_id: rule.team_id }).onConflict().ignore();
      return undefined; //= return: no  branch put the ticket on the backlog
    }

    await trx('tickets').where('id', ticketId).update({ assignee_id: agent.id, team_id: rule.team_id });
    await trx('agents').where('id', agent.id).increment('open_count', 1);
    return { ticket, agent, rule };
  });

  if (!result?.agent) return; //= return: maybe  second half of a skip the transaction already decided
  const { ticket, agent, rule } = result;
  assignments.add(1, { team: rule.team_slug, agent: agent.id }); //= bounded-labels  agent id as attribute
  waiting.record((Date.now() - +ticket.created_at) / 1000, { team: rule.team_slug, priority: ticket.priority });
  logger.info('ticket_assigned', { ticketId, agentId: agent.id, ruleId: rule.id });
  events.emit('ticket.assigned', { ticketId, assigneeId: agent.id });
}

async function rebalance(teamId) {
  const backlog = await db('assignment_backlog').where({ team_id: teamId }).pluck('ticket_id');
  for (const id of backlog) {
    await assignTicket(id).catch((err) => { //= catch: yes  only a counter without the error, ticket stays unassigned
      assignments.add(0, { team: 'rebalance' });
    });
  }
}

module.exports = { assignTicket, rebalance, matches };
