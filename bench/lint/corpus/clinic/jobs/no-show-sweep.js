'use strict';

const cron = require('node-cron');
const { subMinutes } = require('date-fns');
const logger = require('../config/logger');
const Appointment = require('../models/appointment');
const Practice = require('../models/practice');
const invoices = require('../services/invoices');

const GRACE_MINUTES = 20;
let running = false;

async function sweepPractice(practice) {
  if (!practice.settings.noShow || !practice.settings.noShow.enabled) return 0; //= return: no  feature off, the count says nothing was done

  const missed = await Appointment.find({
    practiceId: practice._id,
    status: 'booked',
    startsAt: { $lt: subMinutes(new Date(), GRACE_MINUTES) },
  });
  if (missed.length === 0) return 0; //= return: no  nothing to do

  let marked = 0;
  for (const appointment of missed) {
    const fresh = await Appointment.findOneAndUpdate(
      { _id: appointment._id, status: 'booked' },
      { status: 'no_show' },
      { new: true },
    );
    // checked in at the desk while we were looping
    if (!fresh) continue;
    marked += 1;
    await chargeFee(fresh, practice).catch((err) => { //= catch: no  logged with ids
      logger.warn('No-show fee not charged', { appointmentId: fresh._id, err });
    });
  }
  return marked;
}

async function chargeFee(appointment, practice) {
  const { feeCents, freePerYear } = practice.settings.noShow;
  if (!feeCents) return null; //= return: no  practice charges nothing, a setting and not an event

  const earlier = await Appointment.countNoShows(appointment.patientId, new Date().getFullYear());
  if (earlier <= freePerYear) return null; //= return: yes  why was this no-show not charged

  return invoices.create({
    patientId: appointment.patientId,
    lines: [{ text: 'No-show', cents: feeCents }],
    appointmentId: appointment._id,
  });
}

async function sweep() {
  // the previous run is still busy, it picks up what is new
  if (running) return; //= return: no  reason comment
  running = true;
  try {
    const practices = await Practice.find({ active: true });
    for (const practice of practices) {
      const marked = await sweepPractice(practice);
      logger.info('No-show sweep done', { practiceId: practice._id, marked });
    }
  } catch (err) { //= catch: yes  the whole sweep fails and only a flag is reset
    running = false;
  } finally {
    running = false;
  }
}

module.exports = {
  sweep,
  start: () => cron.schedule('*/10 7-20 * * *', sweep),
};
