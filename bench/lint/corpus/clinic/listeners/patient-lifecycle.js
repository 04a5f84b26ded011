'use strict';

const bus = require('./bus');
const logger = require('../config/logger');
const Patient = require('../models/patient');
const Account = require('../models/account');
const Appointment = require('../models/appointment');
const Invoice = require('../models/invoice');
const MedicationPlan = require('../models/medication-plan');
const appointments = require('../services/appointments');
const mailer = require('../lib/mailer');

async function onMoved({ patientId, practiceId }) {
  const patient = await Patient.findById(patientId);
  if (!patient || patient.practiceId.equals(practiceId)) {
    return; //= return: maybe  same practice is nothing to do, a missing patient isn't
  }

  const debts = await Invoice.countDocuments({ patientId, status: 'open' });
  if (debts) return; //= return: yes  move is held back by open invoices and nobody knows

  patient.practiceId = practiceId;
  await patient.save();
  const upcoming = await Appointment.find({ patientId, startsAt: { $gt: new Date() } });
  for (const appointment of upcoming) {
    try {
      await appointments.cancel(appointment.id, 'system');
    } catch (err) { //= catch: no  logged
      logger.warn('Appointment of a moved patient not cancelled', { appointmentId: appointment.id, patientId, err });
    }
  }
}

async function onDeceased({ patientId, date }) {
  const patient = await Patient.findById(patientId);
  if (!patient) return; //= return: yes  death notice matches no patient, reminders go on
  if (patient.deceasedAt) return; //= return: no  idempotent, known already

  patient.deceasedAt = date;
  await patient.save();
  await MedicationPlan.updateMany({ patientId }, { active: false });
  await Account.deleteOne({ patientId }).catch(() => {}); //= catch: yes  account of a dead person stays active unseen
}

async function onErasureRequested({ patientId, requestedBy }) {
  const last = await Appointment.lastOf(patientId);
  const retention = new Date();
  retention.setFullYear(retention.getFullYear() - 10);

  // medical records are kept for ten years by law
  if (last && last.startsAt > retention) return; //= return: no  reason comment

  const account = await Account.findOne({ patientId });
  if (account && account.role !== 'patient') return; //= return: yes  erasure of a member of staff is ignored

  await Patient.deleteOne({ _id: patientId });
  logger.info(`Patient ${patientId} erased`, { requestedBy }); //= structured-event  id interpolated into the message
  if (!account?.email) return; //= return: yes  confirmation of the erasure is never sent
  await mailer.send({ to: account.email, template: 'erased' });
}

const on = (event, handler) =>
  bus.on(event, async (payload) => {
    try {
      await handler(payload);
    } catch (err) { //= catch: no  logged
      logger.error(`${event} not handled: ${err.message}`, { patientId: payload.patientId }); //= error-with-context  error.message interpolated //= structured-event  interpolated message
    }
  });

on('patient.moved', onMoved);
on('patient.deceased', onDeceased);
on('patient.erasure_requested', onErasureRequested);
