'use strict';

const { Membership } = require('../models');

const ROLE_RANK = { light: 0, agent: 1, lead: 2, admin: 3 };

function atLeast(member, role) {
  if (!member) return false; //= return: no  predicate
  return ROLE_RANK[member.role] >= ROLE_RANK[role];
}

class TicketPolicy {
  constructor(member, ticket) {
    this.member = member;
    this.ticket = ticket;
  }

  static async for(userId, ticket) {
    const member = await Membership.query().findOne({ user_id: userId, account_id: ticket.account_id });
    return new TicketPolicy(member, ticket);
  }

  get show() {
    if (!this.member) return false; //= return: no  predicate
    if (this.ticket.restricted_team_id === null) return true; //= return: no  predicate
    return this.member.team_ids.includes(this.ticket.restricted_team_id) || atLeast(this.member, 'admin');
  }

  get reply() {
    if (!this.show) return false; //= return: no  predicate
    switch (this.ticket.status) {
      case 'archived':
      case 'spam':
        return false; //= return: no  predicate
      case 'closed':
        return atLeast(this.member, 'agent'); //= return: no  predicate
      default:
        return this.member.role !== 'light'; //= return: no  predicate
    }
  }

  async destroy() {
    if (!atLeast(this.member, 'lead')) return { allowed: false, reason: 'role_too_low' }; //= return: no  carries the reason
    const holds = await this.ticket.$relatedQuery('holds').resultSize();
    if (holds) return { allowed: false, reason: 'legal_hold' }; //= return: no  carries the reason
    return { allowed: true };
  }

  async merge(other) {
    if (other.account_id !== this.ticket.account_id) return false; //= return: no  predicate
    const [a, b] = await Promise.all([this.ticket.$relatedQuery('approvals'), other.$relatedQuery('approvals')]);
    if (a.some((x) => x.pending) || b.some((x) => x.pending)) return false; //= return: no  policy predicate on loaded data
    return atLeast(this.member, 'agent');
  }
}

function scope(member, query) {
  if (atLeast(member, 'admin')) return query.where('account_id', member.account_id); //= return: no  query helper
  return query.where('account_id', member.account_id).where((qb) => {
    qb.whereNull('restricted_team_id').orWhereIn('restricted_team_id', member.team_ids);
  });
}

module.exports = { TicketPolicy, atLeast, scope };
