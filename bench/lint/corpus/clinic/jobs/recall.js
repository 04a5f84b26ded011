'use strict';

const { subMonths } = require('date-fns');
const logger = require('../config/logger');
const Patient = require('../models/patient');
const Appointment = require('../models/appointment');
const Practice = require('../models/practice');
const notifications = require('../services/notifications');

const RULES = {
  checkup: { months: 12 },
  dental_cleaning: { months: 6 },
  mammography: { months: 24, sex: 'f', minAge: 45 },
};

function applies(rule, patient, now) {
  if (rule.sex && patient.sex !== rule.sex) return false; //= return: no  predicate
  if (rule.minAge) {
    const age = now.getFullYear() - patient.bornOn.getFullYear();
    return age >= rule.minAge; //= return: no  predicate
  }
  return true;
}

async function recall(patientId, kind) {
  const rule = RULES[kind];
  if (!rule) throw new RangeError(`no recall rule ${kind}`);

  const patient = await Patient.findById(patientId);
  if (!patient || patient.archivedAt) return 'gone'; //= return: no  the outcome is returned
  if (!applies(rule, patient, new Date())) return 'not_applicable'; //= return: no  the outcome is returned

  const last = await Appointment.lastOfKind(patientId, kind);
  if (last && last.startsAt > subMonths(new Date(), rule.months)) return 'recent'; //= return: no  the outcome is returned

  const sent = await notifications.notify(patientId, `recall_${kind}`, {});
  if (!sent) return 'unreachable'; //= return: no  the outcome is returned
  await Patient.updateOne({ _id: patientId }, { $set: { [`recalls.${kind}`]: new Date() } });
  return 'sent';
}

async function runPractice(practiceId, kinds = Object.keys(RULES)) {
  if (kinds.length === 0) return {}; //= return: no  emptiness guard on a parameter
  const practice = await Practice.findById(practiceId);
  if (!practice.features.recall) return {}; //= return: maybe  feature off is a setting, but empty counts look like success

  const counts = {};
  for (const kind of kinds) {
    const due = await Patient.dueForRecall(practiceId, kind);
    for (const { _id } of due) {
      let outcome;
      try {
        outcome = await recall(_id, kind);
      } catch (err) { //= catch: no  logged with the error
        logger.error(`Recall of ${_id} failed`, { kind, err }); //= structured-event  id interpolated into the message
        outcome = 'failed';
      }
      counts[outcome] = (counts[outcome] || 0) + 1;
    }
  }
  logger.info('Recall finished', { practiceId, counts });
  return counts;
}

async function onBirthYear(patient) {
  const year = new Date().getFullYear() - patient.bornOn.getFullYear();
  if (year !== RULES.mammography.minAge) return; //= return: no  routing filter
  const practice = await Practice.findById(patient.practiceId);
  if (practice.closedAt) return; //= return: yes  screening invitation is never sent, practice closed
  await notifications.notify(patient.id, 'screening_invitation', { practice: practice.name });
}

module.exports = { recall, runPractice, onBirthYear };
