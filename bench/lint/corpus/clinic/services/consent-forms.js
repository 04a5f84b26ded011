'use strict';

const logger = require('../config/logger');
const ConsentForm = require('../models/consent-form');
const Patient = require('../models/patient');
const Appointment = require('../models/appointment');
const mailer = require('../lib/mailer');
const { render } = require('../lib/pdf');
const storage = require('../lib/storage');

const skipped = (what, reason, ids) => {
  logger.info('Consent form skipped', { what, reason, ...ids });
  return null;
};

async function formFor(appointment) {
  if (!appointment.procedure) return null; //= return: no  getter, nothing to sign without a procedure
  const forms = await ConsentForm.find({ procedure: appointment.procedure, retiredAt: null });
  if (forms.length > 1) {
    logger.warn('More than one consent form is active', { procedure: appointment.procedure });
  }
  return forms[0] || null;
}

async function sendBeforeVisit(appointmentId) {
  const appointment = await Appointment.findById(appointmentId);
  if (!appointment) return skipped('send', 'appointment_missing', { appointmentId }); //= return: no  logged by the helper
  if (appointment.status === 'cancelled') return skipped('send', 'cancelled', { appointmentId }); //= return: no  logged by the helper

  const form = await formFor(appointment);
  if (!form) return null; //= return: yes  visit with a procedure goes without a form, no trace

  const patient = await Patient.findById(appointment.patientId);
  const age = new Date().getFullYear() - patient.bornOn.getFullYear();
  let recipient = patient;
  if (age < 14) {
    recipient = await Patient.guardianOf(patient.id);
    if (!recipient) return null; //= return: yes  minor without a guardian, form is never sent
  }

  const pdf = await render('consent', { form, patient });
  await mailer.send({ to: recipient.email, template: 'consent', attachments: [pdf] });
  appointment.consentSentAt = new Date();
  return appointment.save();
}

async function onSigned({ formId, appointmentId, signature }) {
  const appointment = await Appointment.findById(appointmentId);
  const form = await ConsentForm.findById(formId);
  if (!appointment || !form) return; //= return: yes  a signature is thrown away

  if (signature.name.trim().toLowerCase() !== appointment.patientName.toLowerCase()) {
    appointment.consentState = 'name_mismatch';
    await appointment.save();
    return; //= return: no  reason is stored
  }

  const key = `consents/${appointment.id}/${form.version}.pdf`;
  try {
    await storage.put(key, await render('signed-consent', { form, signature }));
  } catch (err) { //= catch: no  logged, though only the message
    logger.error(err.message, { appointmentId }); //= error-with-context  error.message as the message
    return; //= return: no  logged
  }
  appointment.consentKey = key;
  appointment.consentState = 'signed';
  await appointment.save();
}

async function withdraw(patientId, formId) {
  const signed = await Appointment.find({ patientId, consentForm: formId, startsAt: { $gt: new Date() } });
  if (signed.length === 0) return 0; //= return: no  nothing to do
  for (const appointment of signed) {
    appointment.consentState = 'withdrawn';
    await appointment.save();
  }
  logger.info('Consent withdrawn', { patientId, formId, appointments: signed.length });
  return signed.length;
}

module.exports = { sendBeforeVisit, onSigned, withdraw };
