'use strict';

const Consent = require('../models/consent');
const AuditEntry = require('../models/audit-entry');
const logger = require('../config/logger');

const STAFF = new Set(['doctor', 'nurse', 'desk']);

function canSee(account, record) {
  if (!account) return false; //= return: no  predicate
  if (account.role === 'admin') return true; //= return: no  predicate
  if (account.role === 'patient') {
    return String(account.patientId) === String(record.patientId); //= return: no  predicate
  }
  return STAFF.has(account.role) && account.practiceIds.includes(String(record.practiceId));
}

async function mayShare(record, recipient) {
  const consent = await Consent.findOne({ patientId: record.patientId, recipientId: recipient.id });
  if (!consent) return false; //= return: no  predicate
  if (consent.withdrawnAt) return false; //= return: no  predicate
  return !consent.until || consent.until > new Date();
}

async function share(record, recipient, by) {
  if (!(await mayShare(record, recipient))) {
    return; //= return: yes  record isn't shared and the sender isn't told
  }
  await recipient.inbox.push(record.toDocument());
  try {
    await AuditEntry.create({ type: 'record.shared', recordId: record.id, recipientId: recipient.id, by: by.id });
  } catch (err) { //= catch: yes  a missing audit entry is a compliance matter
    /* ignore */
  }
}

async function emergencyAccess(account, record, reason) {
  if (account.role !== 'doctor') return false; //= return: no  predicate-like answer by role
  logger.warn('Emergency access to a record', { user: account, recordId: record.id, reason }); //= no-sensitive-fields  the whole user
  await AuditEntry.create({ type: 'record.emergency', recordId: record.id, by: account.id, reason });
  return true;
}

module.exports = { canSee, mayShare, share, emergencyAccess };
