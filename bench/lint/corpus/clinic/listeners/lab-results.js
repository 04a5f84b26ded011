'use strict';

const fs = require('fs/promises');
const path = require('path');
const logger = require('../config/logger');
const bus = require('./bus');
const LabOrder = require('../models/lab-order');
const Practitioner = require('../models/practitioner');
const notifications = require('../services/notifications');
const { parseMessage } = require('../lib/hl7');

const INBOX = process.env.LAB_INBOX || '/var/spool/lab';

async function onFile(name) {
  if (!name.endsWith('.hl7')) return; //= return: no  file type filter

  const file = path.join(INBOX, name);
  const text = await fs.readFile(file, 'latin1');
  const message = parseMessage(text);
  if (!message) {
    await fs.rename(file, path.join(INBOX, 'rejected', name));
    return; //= return: yes  file is put aside and nobody hears of it
  }

  const order = await LabOrder.findOne({ number: message.orderNumber });
  if (!order) return; //= return: yes  result without an order disappears

  order.results.push(...message.results);
  order.status = message.final ? 'final' : 'partial';
  await order.save();
  await fs.unlink(file).catch(() => undefined); //= catch: yes  file would be read again without a word
  bus.emit('lab.result', { orderId: order.id, critical: message.results.some((r) => r.flag === 'HH') });
}

async function onResult({ orderId, critical }) {
  const order = await LabOrder.findById(orderId);
  if (order.status !== 'final' && !critical) return; //= return: no  routing, partial results aren't announced

  const doctor = await Practitioner.findById(order.orderedBy);
  if (!doctor || !doctor.active) {
    logger.warn('Ordering doctor is not active, result goes to the pool', { orderId, doctorId: order.orderedBy });
    await notifications.notifyPool(order.practiceId, 'lab_result', { orderId });
    return; //= return: no  logged
  }

  await notifications.notify(doctor.id, critical ? 'lab_critical' : 'lab_result', { orderId });
  if (!critical) return; //= return: no  what follows is for critical ones only

  const deputy = await Practitioner.findById(doctor.deputyId);
  if (!deputy) return; //= return: yes  critical value, deputy not reached, no trace
  await notifications.notify(deputy.id, 'lab_critical', { orderId });
}

function register() {
  bus.on('lab.file', (name) => {
    onFile(name).catch((err) => logger.error(`Could not import ${name}: ${err}`)); //= catch: no  logged, as text //= error-with-context  error interpolated //= structured-event  interpolated message
  });
  bus.on('lab.result', (event) => {
    onResult(event).catch((err) => logger.error('Lab result not announced', { orderId: event.orderId, err })); //= catch: no  logged with id
  });
}

module.exports = { register, onFile, onResult };
