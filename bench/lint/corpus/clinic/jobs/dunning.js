'use strict';

const { subDays } = require('date-fns');
const logger = require('../config/logger');
const Invoice = require('../models/invoice');
const Patient = require('../models/patient');
const Payment = require('../models/payment');
const mailer = require('../lib/mailer');
const collections = require('../lib/collections-client');

const STEPS = [
  { level: 1, afterDays: 7 },
  { level: 2, afterDays: 21, feeCents: 500 },
  { level: 3, afterDays: 40, feeCents: 1500 },
];

const nextStep = (invoice) => STEPS.find((step) => step.level === (invoice.dunningLevel || 0) + 1);

async function remindOne(invoice) {
  const step = nextStep(invoice);
  if (!step) return handOver(invoice); //= return: no  other branch, goes to collections
  if (invoice.dueAt > subDays(new Date(), step.afterDays)) return; //= return: no  not due yet, the usual case of a daily job

  const payment = await Payment.findOne({ invoiceId: invoice._id, status: 'processing' });
  if (payment) return; //= return: yes  dunning held back by a payment that may hang for ever

  const patient = await Patient.findById(invoice.patientId);
  if (patient.deceasedAt) return; //= return: yes  invoice stays open and is never dunned, invisible to accounting

  invoice.dunningLevel = step.level;
  if (step.feeCents) invoice.lines.push({ text: 'Reminder fee', cents: step.feeCents });
  await invoice.save();

  if (!patient.email) {
    invoice.printQueue = { template: `dunning_${step.level}`, at: new Date() };
    await invoice.save();
    return; //= return: no  other branch, letter is queued
  }
  await mailer.send({ to: patient.email, template: `dunning_${step.level}`, data: { invoice } });
}

async function handOver(invoice) {
  if (invoice.disputed) {
    return; //= return: yes  disputed invoice isn't handed over, nothing says so
  }

  const patient = await Patient.findById(invoice.patientId);
  try {
    const reference = await collections.open({ invoice: invoice.number, debtor: patient.fullName });
    await Invoice.updateOne({ _id: invoice._id }, { collectionsReference: reference });
  } catch (err) { //= catch: no  narrowed, others logged
    if (err.code !== 'CASE_EXISTS') {
      logger.error('Hand-over to collections failed', { invoiceId: invoice._id, err });
    }
  }
}

async function run() {
  const open = await Invoice.find({ status: 'open', dueAt: { $lt: new Date() } }).cursor();
  let failed = 0;
  for await (const invoice of open) {
    await remindOne(invoice).catch(() => { //= catch: yes  only the number of failures is kept
      failed += 1;
    });
  }
  if (failed === 0) return; //= return: no  nothing to tell
  logger.warn('Dunning finished with failures', { failed });
}

module.exports = { run };
