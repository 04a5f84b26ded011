'use strict';

const { addDays, differenceInDays } = require('date-fns');
const logger = require('../config/logger');
const Vaccination = require('../models/vaccination');
const Patient = require('../models/patient');
const Batch = require('../models/vaccine-batch');
const registry = require('../lib/registry-client');
const notifications = require('./notifications');

const SCHEDULES = require('../lib/vaccine-schedules.json');

function nextDose(vaccine, doses) {
  const schedule = SCHEDULES[vaccine];
  if (!schedule) return null; //= return: no  pure
  const step = schedule[doses.length];
  if (!step) return null; //= return: no  pure
  const last = doses[doses.length - 1];
  return { dose: doses.length + 1, due: last ? addDays(last.givenAt, step.afterDays) : new Date() };
}

async function record(patientId, vaccine, batchNumber, by) {
  const batch = await Batch.findOne({ number: batchNumber });
  if (!batch || batch.recalledAt) {
    return { ok: false, reason: 'batch' }; //= return: no  reason is returned
  }
  const doses = await Vaccination.find({ patientId, vaccine }).sort('givenAt');
  const last = doses[doses.length - 1];
  if (last && differenceInDays(new Date(), last.givenAt) < 7) return { ok: false, reason: 'too_early' }; //= return: no  reason is returned

  const vaccination = await Vaccination.create({ patientId, vaccine, batchNumber, givenAt: new Date(), by });
  await report(vaccination);
  return { ok: true, vaccination };
}

async function report(vaccination) {
  const patient = await Patient.findById(vaccination.patientId);
  if (!patient.socialSecurityNumber) return; //= return: yes  never reported to the registry, no number
  const { enabled, practiceNumber } = await registry.settings();
  if (!enabled) return; //= return: yes  registry switched off, the duty to report fails silently
  if (!practiceNumber) return; //= return: yes  practice without a number reports nothing

  try {
    const { reference } = await registry.submit({ practiceNumber, ssn: patient.socialSecurityNumber, vaccination });
    vaccination.registryReference = reference;
  } catch (err) { //= catch: yes  only a counter says that the report failed
    vaccination.reportAttempts = (vaccination.reportAttempts || 0) + 1;
  }
  await vaccination.save();
}

async function inviteForNext(patientId, vaccine) {
  const doses = await Vaccination.find({ patientId, vaccine }).sort('givenAt');
  const next = nextDose(vaccine, doses);
  if (!next) return false; //= return: no  series is complete, nothing to invite to
  if (next.due > addDays(new Date(), 21)) return false; //= return: no  not due yet, asked again every day

  const contraindicated = await Patient.contraindications(patientId);
  if (contraindicated.includes(vaccine)) return false; //= return: yes  invitation withheld for a medical reason, unsaid
  const stock = await Batch.stock(vaccine);
  if (stock <= 0) return false; //= return: yes  nobody is invited while stock is out

  return notifications.notify(patientId, 'vaccination_due', { vaccine, dose: next.dose });
}

async function recall(batchNumber) {
  const batch = await Batch.findOne({ number: batchNumber });
  if (!batch) return 0; //= return: yes  recall of a mistyped batch warns nobody
  if (batch.recalledAt) return 0; //= return: no  idempotent, recalled before

  batch.recalledAt = new Date();
  await batch.save();
  const given = await Vaccination.find({ batchNumber }).populate('patient');
  logger.warn('Batch recalled', { batchNumber, patients: given.map((one) => one.patient), count: given.length }); //= no-sensitive-fields  whole patient records
  for (const { patientId } of given) {
    await notifications.notify(patientId, 'batch_recalled', { batchNumber }).catch((err) => { //= catch: no  logged with ids
      logger.error('Recall notice not sent', { patientId, batchNumber, err });
    });
  }
  return given.length;
}

module.exports = { record, inviteForNext, recall, nextDose };
