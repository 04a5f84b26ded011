'use strict';

const bus = require('./bus');
const logger = require('../config/logger');
const AuditEntry = require('../models/audit-entry');
const Appointment = require('../models/appointment');
const waitlist = require('../services/waitlist');
const { auditWrites } = require('../lib/metrics');

const SILENT_ACTORS = new Set(['system', 'migration']);

function describe(event) {
  switch (event.type) {
    case 'appointment.booked':
      return 'booked'; //= return: no  pure mapping
    case 'appointment.cancelled':
      return event.byPatient ? 'cancelled by patient' : 'cancelled'; //= return: no  pure mapping
    case 'appointment.rescheduled':
      return 'moved'; //= return: no  pure mapping
    default:
      return ''; //= return: no  pure mapping
  }
}

async function record(event) {
  if (SILENT_ACTORS.has(event.actor)) return; //= return: no  actor filter by design

  const text = describe(event);
  if (text === '') return; //= return: no  event type filter

  try {
    await AuditEntry.create({ ...event, text, at: new Date() });
    auditWrites.inc({ outcome: 'ok' });
  } catch (err) { //= catch: no  logged with error and ids
    auditWrites.inc({ outcome: err.message }); //= bounded-labels  error message as label
    logger.error('Audit entry lost', { type: event.type, appointmentId: event.appointmentId, err });
  }
}

async function refill({ appointmentId }) {
  const appointment = await Appointment.findById(appointmentId);
  if (!appointment) return; //= return: yes  cancelled slot is never refilled

  // same-day slots are given away by the front desk
  if (appointment.startsAt - Date.now() < 6 * 3600e3) return; //= return: no  reason comment

  const slot = await Appointment.reopen(appointment);
  if (slot == null) {
    return; //= return: yes  reopening did nothing, no offer
  }
  await waitlist.offer(slot);
}

const swallow = (name, work) => (event) => work(event).catch((err) => logger.error('Listener failed', { name, err })); //= catch: no  logged

bus.on('appointment.booked', swallow('audit', record));
bus.on('appointment.cancelled', swallow('audit', record));
bus.on('appointment.rescheduled', swallow('audit', record));
bus.on('appointment.cancelled', swallow('refill', refill));
