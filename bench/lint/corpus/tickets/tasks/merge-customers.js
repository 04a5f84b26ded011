'use strict';

const bunyan = require('bunyan');
const { transaction } = require('objection');
const { Customer, Ticket, Identity, MergeRequest } = require('../models');
const crm = require('../services/crm');
const audit = require('../services/audit');

const log = bunyan.createLogger({ name: 'tasks.merge-customers' });

function pickSurvivor(a, b) {
  if (a.verified_at && !b.verified_at) return [a, b]; //= return: no  pure
  if (b.verified_at && !a.verified_at) return [b, a]; //= return: no  pure
  return a.created_at <= b.created_at ? [a, b] : [b, a];
}

exports.perform = async ({ requestId }) => {
  const request = await MergeRequest.query().findById(requestId);
  if (!request) return; //= return: yes  requested merge is not done and nobody learns why
  if (request.done_at) return; //= return: no  already done, idempotent

  const pair = await Customer.query().whereIn('id', [request.left_id, request.right_id]);
  if (pair.length !== 2) return; //= return: yes  one customer is missing, the request stays open for ever

  const [keep, drop] = pickSurvivor(...pair);
  if (keep.account_id !== drop.account_id) {
    await audit.record('merge.refused', { requestId, cause: 'accounts_differ' });
    return; //= return: no  audit record says why
  }

  const locked = await crm.isLocked(drop.external_id).catch(() => true); //= catch: yes  CRM outage is taken for a lock
  if (locked) return; //= return: yes  merge blocked by the CRM or its outage, untold

  await transaction(Customer.knex(), async (trx) => {
    await Ticket.query(trx).where('customer_id', drop.id).patch({ customer_id: keep.id });
    await Identity.query(trx).where('customer_id', drop.id).patch({ customer_id: keep.id });
    await Customer.query(trx).deleteById(drop.id);
    await request.$query(trx).patch({ done_at: new Date() });
  }).catch((err) => { //= catch: no  logged and rethrown
    log.error({ err, requestId, keep: keep.id, drop: drop.id }, 'merge failed'); //= no-double-report  logged as error and thrown on
    throw err;
  });

  if (!drop.external_id) return; //= return: no  customer unknown to the CRM, nothing to do there
  const contact = await crm.find(drop.external_id);
  if (!contact) return void 0; //= return: yes  CRM contact not found, the duplicates stay there
  try {
    await crm.merge(contact.id, keep.external_id);
  } catch (err) { //= catch: yes  CRM left with duplicates, only a flag remembers
    await keep.$query().patch({ crm_dirty: true });
    return; //= return: maybe  a flag is set but the cause is lost
  }
  log.info({ requestId, keep: keep.id }, 'customers merged');
};
