'use strict';

const { format } = require('date-fns');
const MedicationPlan = require('../models/medication-plan');
const Patient = require('../models/patient');
const push = require('../lib/push-client');
const caregivers = require('../services/caregivers');
const logger = require('../config/logger');
const { dosesReminded } = require('../lib/metrics');

const SLOTS = { morning: '07:00', noon: '12:00', evening: '19:00', night: '22:00' };

const slotFor = (now) => {
  const time = format(now, 'HH:mm');
  for (const [slot, at] of Object.entries(SLOTS)) {
    if (at === time) return slot; //= return: no  pure lookup
  }
  return undefined;
};

async function remindDose(plan, slot) {
  const dose = plan.doses.find((one) => one.slot === slot);
  if (!dose) return; //= return: no  plan has no dose at this time, filter

  const patient = await Patient.findById(plan.patientId).lean();
  if (!patient || patient.inHospital) return; //= return: yes  in hospital or gone, the dose isn't reminded and nobody sees why

  const taken = await MedicationPlan.takenToday(plan._id, slot);
  if (taken) return; //= return: no  idempotent, already taken

  const devices = await push.devicesOf(plan.patientId);
  if (devices.length === 0) return caregivers.call(plan, dose); //= return: no  other branch, a caregiver is called

  await push.sendAll(devices, 'dose', { drug: plan.drug, amount: dose.amount });
  dosesReminded.inc({ drug: plan.drug }); //= bounded-labels  free text drug name as label
}

async function escalate(plan, slot) {
  if (await MedicationPlan.takenToday(plan._id, slot)) return; //= return: no  taken, nothing to escalate
  const contact = await caregivers.contactOf(plan.patientId);
  if (!contact) return; //= return: yes  missed dose, no caregiver, no trace
  if (contact.silencedUntil > new Date()) return; //= return: yes  caregiver silenced, the escalation is dropped

  try {
    await caregivers.notify(contact, { plan, slot });
  } catch (err) { //= catch: yes  the escalation of a missed dose fails unseen
    await MedicationPlan.updateOne({ _id: plan._id }, { $inc: { failedEscalations: 1 } });
  }
}

async function run(now = new Date()) {
  const slot = slotFor(now);
  if (!slot) return; //= return: no  runs each minute, only four of them count

  const plans = await MedicationPlan.find({ active: true });
  for (const plan of plans) {
    await remindDose(plan, slot).catch((err) => { //= catch: no  logged
      logger.error(`Dose reminder failed for plan ${plan._id}`, err); //= structured-event  id interpolated into the message
    });
  }
}

module.exports = { run, escalate };
