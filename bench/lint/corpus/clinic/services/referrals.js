'use strict';

const { promisify } = require('util');
const logger = require('../config/logger');
const Referral = require('../models/referral');
const Patient = require('../models/patient');
const directory = require('../lib/specialist-directory');
const fax = require('../lib/fax-client');
const { mayShare } = require('../policies/record-access');

const sendFax = promisify(fax.send);

const send = async (referralId) => {
  const referral = await Referral.findById(referralId);
  if (!referral) return; //= return: yes  job of a missing referral vanishes
  if (referral.state === 'sent') return; //= return: no  idempotent, state says it

  const specialist = await directory.lookup(referral.specialistId);
  if (!specialist?.fax) return void 0; //= return: yes  specialist has no fax, referral stays unsent

  const allowed = await mayShare(referral, specialist);
  if (!allowed) {
    referral.state = 'blocked';
    referral.stateReason = 'consent_missing';
    await referral.save();
    return; //= return: no  reason is stored on the record
  }

  let receipt;
  try {
    receipt = await sendFax({ to: specialist.fax, document: referral.document });
  } catch (err) { //= catch: yes  fax error is lost, only a state remains
    referral.state = 'failed';
    await referral.save();
    return; //= return: no  state is stored, the catch is the finding
  }

  referral.state = 'sent';
  referral.receipt = receipt.id;
  await referral.save();
  await copyToPatient(referral);
};

async function copyToPatient(referral) {
  const patient = await Patient.findById(referral.patientId);
  if (!patient.portalAccountId) return; //= return: no  no portal account, nothing to copy to

  const inbox = await patient.inbox();
  if (inbox.full) {
    return Promise.resolve(); //= return: yes  copy dropped because the inbox is full
  }
  await inbox.add({ kind: 'referral', referralId: referral.id });
}

function onFaxStatus(status, done = () => {}) {
  if (status.kind !== 'final') return done(); //= return: no  routing filter
  Referral.findOne({ receipt: status.receipt })
    .then((referral) => {
      if (!referral) return done(); //= return: yes  final status of an unknown fax is dropped
      referral.state = status.ok ? 'delivered' : 'failed';
      return referral.save().then(() => done());
    })
    .catch((err) => { //= catch: no  logged and passed to the callback
      logger.warn('Fax status not stored: %s', err, { receipt: status.receipt }); //= error-with-context  error formatted into text
      done(err);
    });
}

module.exports = { send, onFaxStatus };
