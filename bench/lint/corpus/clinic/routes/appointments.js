'use strict';

const express = require('express');
const { body, param, validationResult } = require('express-validator');
const logger = require('../config/logger');
const Appointment = require('../models/appointment');
const appointments = require('../services/appointments');
const { requireRole } = require('../middleware/auth');
const { canSee } = require('../policies/record-access');
const { toCalendar } = require('../lib/ical');

const router = express.Router();
const wrap = (handler) => (req, res, next) => handler(req, res, next).catch(next); //= catch: no  passed to next

router.post(
  '/',
  body('startsAt').isISO8601().toDate(),
  body('minutes').isInt({ min: 5, max: 120 }),
  wrap(async (req, res) => {
    const errors = validationResult(req);
    if (!errors.isEmpty()) return res.status(422).json({ errors: errors.array() }); //= return: no  answered with a reason

    const result = await appointments.book({ ...req.body, patientId: req.account.patientId });
    if (!result.ok) return res.status(409).json({ error: result.reason }); //= return: no  answered with a reason

    logger.info('Appointment booked by ' + req.account.id); //= structured-event  concatenated message
    res.status(201).json(result.appointment);
  }),
);

router.get(
  '/:id',
  param('id').isMongoId(),
  wrap(async (req, res) => {
    const appointment = await Appointment.findById(req.params.id).lean();
    if (!appointment) return res.sendStatus(404); //= return: no  answered by status
    if (!canSee(req.account, appointment)) {
      return res.status(404).end(); //= return: no  answered by status
    }
    if (req.accepts(['json', 'text/calendar']) === 'text/calendar') {
      return res.type('text/calendar').send(toCalendar(appointment)); //= return: no  content negotiation
    }
    res.json(appointment);
  }),
);

router.delete('/:id', requireRole('desk', 'patient'), async (req, res, next) => {
  try {
    const appointment = await appointments.cancel(req.params.id, req.account.role);
    res.json(appointment);
  } catch (err) { //= catch: no  passed to next unless not found
    if (err.code === 'not_found') return res.sendStatus(404); //= return: no  answered by status
    next(err);
  }
});

router.post(
  '/:id/check-in',
  requireRole('desk'),
  wrap(async (req, res) => {
    console.log('check-in', req.params.id); //= no-console  left over from debugging
    const appointment = await Appointment.findById(req.params.id);
    if (!appointment || appointment.status !== 'booked') {
      return res.status(409).json({ error: 'not_booked' }); //= return: no  answered with a reason
    }
    appointment.status = 'arrived';
    await appointment.save();
    res.json(appointment);
  }),
);

module.exports = router;
