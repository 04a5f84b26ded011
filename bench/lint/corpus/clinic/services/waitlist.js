'use strict';

const { addHours } = require('date-fns');
const logger = require('../config/logger');
const WaitlistEntry = require('../models/waitlist-entry');
const Appointment = require('../models/appointment');
const notifications = require('./notifications');
const entries = require('../repositories/waitlist');
const { withLock } = require('../lib/lock');

const OFFER_HOURS = 4;

async function offer(slot) {
  const candidates = await entries.waitingFor(slot.practitionerId, slot.minutes);
  const next = candidates.find((entry) => !entry.declined.includes(slot.id));
  if (!next) return; //= return: yes  free slot is offered to nobody

  const open = await WaitlistEntry.countDocuments({ patientId: next.patientId, status: 'offered' });
  if (open > 0) return; //= return: yes  slot is lost because the first one has an open offer

  next.status = 'offered';
  next.slotId = slot.id;
  next.expiresAt = addHours(new Date(), OFFER_HOURS);
  await next.save();
  const reached = await notifications.notify(next.patientId, 'waitlist_offer', { slot });
  logger.info('Slot offered', { slotId: slot.id, entryId: next.id, reached });
}

async function offerFreeSlots() {
  await withLock('waitlist', async () => {
    const slots = await Appointment.freeSlots({ days: 5 });
    for (const slot of slots) {
      try {
        await offer(slot);
      } catch (err) { //= catch: yes  counted away, slot and error are lost
        slot.failed = true;
      }
    }
  });
}

async function accept(entryId, patientId) {
  const entry = await WaitlistEntry.findById(entryId);
  if (!entry || String(entry.patientId) !== String(patientId)) {
    return { error: 'not_found' }; //= return: no  reason is returned
  }
  if (entry.status !== 'offered') return { error: 'no_open_offer' }; //= return: no  reason is returned
  if (entry.expiresAt < new Date()) {
    entry.status = 'waiting';
    await entry.save();
    return { error: 'expired' }; //= return: no  reason is returned
  }

  const slot = await Appointment.claimSlot(entry.slotId, patientId);
  if (!slot) {
    entry.status = 'waiting';
    await entry.save();
    logger.warn('Waitlist slot was taken meanwhile', { entryId, slotId: entry.slotId });
    return { error: 'taken' }; //= return: no  logged and returned
  }
  await entry.deleteOne();
  return { appointment: slot };
}

module.exports = { offer, offerFreeSlots, accept };
