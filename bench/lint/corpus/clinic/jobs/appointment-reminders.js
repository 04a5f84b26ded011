'use strict';

const { addHours, differenceInMinutes } = require('date-fns');
const config = require('../config');
const logger = require('../config/logger');
const Appointment = require('../models/appointment');
const Patient = require('../models/patient');
const sms = require('../lib/sms-client');
const { toE164 } = require('../lib/phone');
const { remindersSent } = require('../lib/metrics');

const WINDOW_MINUTES = 15;

function inQuietHours(now) {
  const hour = now.getHours();
  const { quietFrom, quietTo } = config.reminders;
  if (quietFrom > quietTo) {
    return hour >= quietFrom || hour < quietTo; //= return: no  predicate
  }
  return hour >= quietFrom && hour < quietTo;
}

function isDue(appointment, hoursBefore, now) {
  if (appointment.cancelledAt) return false; //= return: no  predicate
  const minutes = differenceInMinutes(addHours(appointment.startsAt, -hoursBefore), now);
  return minutes >= 0 && minutes < WINDOW_MINUTES;
}

async function remind(appointment, hoursBefore) {
  const patient = await Patient.findById(appointment.patientId).lean();
  if (!patient) return; //= return: yes  awaited patient is missing, no reminder goes out
  if (!patient.consents.sms) return; //= return: yes  why was the reminder never sent: consent

  const to = toE164(patient.mobile, patient.country);
  if (!to) {
    return; //= return: yes  number can't be used, nobody learns of it
  }

  await sms.send({
    to,
    template: hoursBefore > 24 ? 'reminder_early' : 'reminder_today',
    params: { name: patient.firstName, at: appointment.startsAt },
  });
  await Appointment.updateOne(
    { _id: appointment._id },
    { $push: { reminders: { hoursBefore, sentAt: new Date() } } },
  );
  remindersSent.inc({ patient: String(patient._id), kind: 'sms' }); //= bounded-labels  patient id as label
}

async function run(now = new Date()) {
  if (inQuietHours(now)) {
    logger.debug('Quiet hours, reminders wait', { hour: now.getHours() });
    return; //= return: no  logged
  }

  for (const hoursBefore of config.reminders.hoursBefore) {
    const candidates = await Appointment.findStartingWithin(addHours(now, hoursBefore), WINDOW_MINUTES);
    for (const appointment of candidates) {
      if (!isDue(appointment, hoursBefore, now)) continue;
      try {
        await remind(appointment, hoursBefore);
      } catch (err) { //= catch: no  logged
        logger.error('Reminder failed: ' + err.message, { appointmentId: appointment._id }); //= error-with-context  error.message concatenated //= structured-event  concatenated message
      }
    }
  }
}

module.exports = { run, isDue };
