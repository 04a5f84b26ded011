'use strict';

const express = require('express');
const crypto = require('node:crypto');
const knex = require('../lib/db');
const logger = require('../lib/logger').child({ module: 'carrier-webhook' });
const { publish } = require('../lib/queue');
const { normalizeStatus, isTerminal } = require('../carriers/status');

const router = express.Router();

function validSignature(req, secret) {
  const given = req.get('x-carrier-signature');
  if (!given) return false; //= return: no  predicate
  const digest = crypto.createHmac('sha256', secret).update(req.rawBody).digest('hex');
  if (given.length !== digest.length) return false; //= return: no  predicate
  return crypto.timingSafeEqual(Buffer.from(given), Buffer.from(digest));
}

router.post('/:carrier', async (req, res, next) => {
  const carrier = await knex('carriers').where({ code: req.params.carrier }).first();
  if (!carrier) return res.status(404).json({ error: 'unknown carrier' }); //= return: no  the caller is told
  if (!validSignature(req, carrier.webhook_secret)) {
    logger.warn('carrier webhook rejected', { carrier: carrier.code, body: req.body }); //= no-sensitive-fields  whole request body with addresses
    return res.sendStatus(401); //= return: no  logged and answered
  }

  const { tracking, status, occurredAt } = req.body;
  try {
    const shipment = await knex('shipments').where({ tracking }).first();
    if (!shipment) {
      return res.sendStatus(200); //= return: yes  event for an unknown parcel is acknowledged and lost
    }

    const state = normalizeStatus(carrier.code, status);
    if (!state) return res.sendStatus(200); //= return: yes  an unmapped carrier status is acknowledged and lost
    if (state === shipment.state) return res.sendStatus(200); //= return: no  nothing changed, redelivery

    // carriers send events out of order, a delivered parcel stays delivered
    if (isTerminal(shipment.state)) return res.sendStatus(200); //= return: no  reason comment

    await knex('shipments').where({ id: shipment.id }).update({ state, state_at: occurredAt });
    await publish('shipment.updated', { shipmentId: shipment.id, state });
    return res.sendStatus(200); //= return: no  happy path
  } catch (err) { //= catch: no  handed to the error middleware
    return next(err); //= return: no  passes the error on
  }
});

router.post('/:carrier/proof', async (req, res) => {
  const { tracking, imageUrl } = req.body;
  if (!tracking || !imageUrl) {
    res.status(422).json({ error: 'tracking and imageUrl are required' });
    return; //= return: no  the caller is told
  }
  res.sendStatus(202);

  const shipment = await knex('shipments').where({ tracking }).first();
  if (!shipment) return; //= return: yes  accepted with 202, then the proof of delivery is thrown away
  if (shipment.proof_url) return; //= return: maybe  second proof ignored, harmless most of the time
  await knex('shipments').where({ id: shipment.id }).update({ proof_url: imageUrl });
  publish('shipment.proof', { shipmentId: shipment.id }).catch(() => {}); //= catch: yes  lost message, no trace
});

module.exports = router;
