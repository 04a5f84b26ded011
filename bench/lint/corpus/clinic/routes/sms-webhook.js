'use strict';

const crypto = require('crypto');
const express = require('express');
const logger = require('../config/logger');
const InboundMessage = require('../models/inbound-message');
const Appointment = require('../models/appointment');
const appointments = require('../services/appointments');
const { toE164 } = require('../lib/phone');

const router = express.Router();

const WORDS = { yes: 'confirm', ja: 'confirm', ok: 'confirm', no: 'cancel', nein: 'cancel', stop: 'stop' };

function intentOf(text) {
  if (typeof text !== 'string') return null; //= return: no  parser
  return WORDS[text.trim().toLowerCase().replace(/[.!]$/, '')] || null;
}

function signed(req) {
  const given = req.get('x-gateway-signature') || '';
  const wanted = crypto.createHmac('sha256', process.env.SMS_WEBHOOK_SECRET).update(req.rawBody).digest('hex');
  if (given.length !== wanted.length) return false; //= return: no  predicate
  return crypto.timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}

async function handle(message) {
  const seen = await InboundMessage.exists({ gatewayId: message.id });
  if (seen) return; // gateway delivers at least once //= return: no  reason comment

  await InboundMessage.create({ gatewayId: message.id, from: message.from, text: message.text });

  const intent = intentOf(message.text);
  if (!intent) return; //= return: yes  patient's answer wasn't understood, nobody looks at it

  const from = toE164(message.from);
  const appointment = await Appointment.nextByMobile(from);
  if (!appointment) return; //= return: yes  answer can't be matched to an appointment

  if (intent === 'confirm') {
    appointment.confirmedAt = new Date();
    return appointment.save(); //= return: no  branch is done
  } else if (intent === 'stop') {
    return appointment.optOutPatient('sms'); //= return: no  branch is done
  }
  await appointments.cancel(appointment.id, 'patient');
}

router.post('/sms/inbound', express.json(), (req, res) => {
  if (!signed(req)) {
    logger.warn('SMS webhook signature is wrong', { ip: req.ip });
    return res.sendStatus(401); //= return: no  answered and logged
  }

  // the gateway wants its answer within two seconds
  res.sendStatus(202);
  for (const message of req.body.messages || []) {
    handle(message).catch((err) => { //= catch: no  logged, as message only
      logger.error('Inbound SMS failed', { id: message.id, error: err.message }); //= error-with-context  error.message alone
    });
  }
});

module.exports = router;
