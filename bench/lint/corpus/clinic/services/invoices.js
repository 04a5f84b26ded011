'use strict';

const { addDays } = require('date-fns');
const config = require('../config');
const logger = require('../config/logger');
const Invoice = require('../models/invoice');
const Patient = require('../models/patient');
const insurance = require('../lib/insurance-client');
const mailer = require('../lib/mailer');
const { renderInvoice } = require('../lib/pdf');

const sum = (lines) => lines.reduce((total, line) => total + line.cents, 0);

async function create({ patientId, lines, appointmentId }) {
  if (!lines || lines.length === 0) return null; //= return: no  emptiness guard on a parameter

  const existing = await Invoice.findOne({ appointmentId });
  if (existing) return existing; //= return: no  idempotent

  const invoice = await Invoice.create({
    patientId,
    appointmentId,
    lines,
    totalCents: sum(lines),
    dueAt: addDays(new Date(), config.billing.dueDays),
  });
  logger.info('Invoice created', { invoiceId: invoice.id, totalCents: invoice.totalCents });
  return invoice;
}

async function claim(invoice) {
  const patient = await Patient.findById(invoice.patientId);
  if (!patient.insurance) {
    return { claimed: false, reason: 'not_insured' }; //= return: no  reason is returned
  }

  let answer;
  try {
    answer = await insurance.submit({ policy: patient.insurance.policyNumber, lines: invoice.lines });
  } catch (err) { //= catch: no  logged and rethrown
    logger.error('Insurance claim failed', { invoiceId: invoice.id, err }); //= no-double-report  logged as error and rethrown
    throw err;
  }

  if (answer.status === 'pending') return { claimed: false, reason: 'pending' }; //= return: no  reason is returned
  invoice.coveredCents = answer.coveredCents;
  await invoice.save();
  return { claimed: true };
}

async function sendInvoice(invoiceId) {
  const invoice = await Invoice.findById(invoiceId).populate('patient');
  if (!invoice || invoice.sentAt) return; //= return: maybe  mixes missing invoice with already sent

  if (invoice.totalCents - (invoice.coveredCents || 0) <= 0) {
    invoice.status = 'settled';
    await invoice.save();
    return; //= return: no  branch is done, status is stored
  }

  const pdf = await renderInvoice(invoice);
  const { email } = invoice.patient;
  if (!email) {
    await queueForPrint(invoice, pdf);
    return; //= return: no  other branch, goes to print
  }

  await mailer.send({ to: email, subject: `Invoice ${invoice.number}`, attachments: [pdf] });
  invoice.sentAt = new Date();
  await invoice.save();
}

async function queueForPrint(invoice, pdf) {
  invoice.printQueue = { pdf, at: new Date() };
  await invoice.save();
  logger.info('Invoice queued for print', { invoiceId: invoice.id });
}

module.exports = { create, claim, sendInvoice };
