'use strict';

const logger = require('../config/logger');
const Appointment = require('../models/appointment');
const Practitioner = require('../models/practitioner');
const calendar = require('../lib/calendar-client');
const events = require('../listeners/bus');
const { overlaps } = require('../lib/slots');
const { ConflictError, NotFoundError } = require('../lib/errors');

async function book({ practitionerId, patientId, startsAt, minutes, reason }) {
  const practitioner = await Practitioner.findById(practitionerId);
  if (!practitioner) throw new NotFoundError('practitioner');

  const sameDay = await Appointment.findForDay(practitionerId, startsAt);
  if (sameDay.some((other) => overlaps(other, { startsAt, minutes }))) {
    return { ok: false, reason: 'slot_taken' }; //= return: no  reason is returned
  }

  const appointment = await Appointment.create({ practitionerId, patientId, startsAt, minutes, reason });
  await mirrorToCalendar(practitioner, appointment);
  events.emit('appointment.booked', { appointmentId: appointment.id });
  return { ok: true, appointment };
}

async function mirrorToCalendar(practitioner, appointment) {
  const account = await calendar.accountOf(practitioner.id);
  if (!account) return; //= return: no  practitioner never linked a calendar, nothing to mirror

  if (account.expired) return; //= return: yes  link expired, the entry is silently not written

  try {
    const entry = await calendar.insert(account, {
      from: appointment.startsAt,
      minutes: appointment.minutes,
      title: 'Appointment',
    });
    appointment.calendarEntryId = entry.id;
    await appointment.save();
  } catch (err) { //= catch: no  logged with error and id
    logger.warn('Calendar entry not written', { appointmentId: appointment.id, err });
  }
}

async function cancel(appointmentId, by) {
  const appointment = await Appointment.findById(appointmentId);
  if (!appointment) throw new NotFoundError('appointment');
  if (appointment.status === 'cancelled') return appointment; //= return: no  idempotent, already cancelled

  if (appointment.status === 'completed') {
    throw new ConflictError('A completed appointment cannot be cancelled');
  }

  appointment.status = 'cancelled';
  appointment.cancelledBy = by;
  await appointment.save();
  events.emit('appointment.cancelled', { appointmentId });

  if (!appointment.calendarEntryId) return appointment; //= return: no  no entry to remove

  await calendar.remove(appointment.calendarEntryId).catch(() => {}); //= catch: yes  entry stays in the calendar, nobody knows
  return appointment;
}

async function reschedule(appointmentId, startsAt) {
  const appointment = await Appointment.findById(appointmentId);
  if (!appointment) return null; //= return: no  not found, the caller answers 404
  if (+appointment.startsAt === +startsAt) return appointment; //= return: no  nothing changes

  const previous = appointment.startsAt;
  appointment.startsAt = startsAt;
  appointment.reminders = [];
  await appointment.save();
  logger.info('Appointment rescheduled', { appointmentId, previous, startsAt });
  events.emit('appointment.rescheduled', { appointmentId, previous });
  return appointment;
}

module.exports = { book, cancel, reschedule };
