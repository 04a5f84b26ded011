'use strict';

const WaitlistEntry = require('../models/waitlist-entry');
const cache = require('../lib/cache');
const logger = require('../config/logger');

const TTL_SECONDS = 60;
const keyOf = (practitionerId) => `waitlist:count:${practitionerId}`;

function waitingFor(practitionerId, minutes) {
  return WaitlistEntry.find({
    practitionerId,
    minutes: { $lte: minutes },
    status: 'waiting',
  }).sort({ urgency: -1, createdAt: 1 });
}

async function countFor(practitionerId) {
  const cached = await cache.get(keyOf(practitionerId)).catch(() => null); //= catch: maybe  cache outage is only slow, yet unseen
  if (cached !== null) return Number(cached); //= return: no  cache hit

  const count = await WaitlistEntry.countDocuments({ practitionerId, status: 'waiting' });
  cache.set(keyOf(practitionerId), count, TTL_SECONDS).catch((err) => logger.debug('Cache write failed', { err })); //= catch: no  logged
  return count;
}

function add(entry, done) {
  WaitlistEntry.findOne({ patientId: entry.patientId, practitionerId: entry.practitionerId }, (err, found) => {
    if (err) {
      return done(err); //= return: no  error goes to the callback
    }
    if (found) return done(null, found); //= return: no  idempotent, gives the existing one

    WaitlistEntry.create(entry, (createErr, created) => {
      // two tabs: the unique index decides
      if (createErr && createErr.code === 11000) return WaitlistEntry.findOne(entry, done); //= return: no  narrowed duplicate, commented
      if (createErr) return done(createErr); //= return: no  error goes to the callback
      cache.del(keyOf(entry.practitionerId)).catch(() => {}); //= catch: maybe  count is stale for a minute at most, yet unseen
      done(null, created);
    });
  });
}

function position(entry) {
  if (entry.status !== 'waiting') return Promise.resolve(0); //= return: no  getter
  return WaitlistEntry.countDocuments({
    practitionerId: entry.practitionerId,
    status: 'waiting',
    createdAt: { $lt: entry.createdAt },
  }).then((before) => before + 1);
}

module.exports = { waitingFor, countFor, add, position };
