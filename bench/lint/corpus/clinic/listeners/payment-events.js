'use strict';

const Stripe = require('stripe');
const bus = require('./bus');
const logger = require('../config/logger');
const Invoice = require('../models/invoice');
const Payment = require('../models/payment');
const mailer = require('../lib/mailer');

const stripe = new Stripe(process.env.STRIPE_SECRET_KEY);

async function onSucceeded(intent) {
  const invoice = await Invoice.findOne({ number: intent.metadata.invoice });
  if (!invoice) return; //= return: yes  money came in and no invoice gets it

  const known = await Payment.exists({ intentId: intent.id });
  if (known) return; // Stripe delivers more than once //= return: no  reason comment

  await Payment.create({ invoiceId: invoice._id, intentId: intent.id, cents: intent.amount_received });
  const paid = await Payment.sumFor(invoice._id);
  if (paid < invoice.totalCents) return; //= return: yes  partial payment, invoice stays open without a word

  invoice.status = 'paid';
  await invoice.save();

  const patient = await invoice.patient();
  if (!patient.email) return; //= return: yes  receipt is never sent
  await mailer.send({ to: patient.email, template: 'receipt', data: { invoice } });
}

async function onFailed(intent) {
  const invoice = await Invoice.findOne({ number: intent.metadata.invoice });
  if (invoice == null) {
    logger.warn('Failed payment of an unknown invoice', { intentId: intent.id });
    return; //= return: no  logged
  }

  const code = intent.last_payment_error && intent.last_payment_error.code;
  if (code === 'authentication_required') {
    await sendAuthenticationLink(invoice, intent);
  } else if (code === 'card_declined' && invoice.retries < 3) {
    invoice.retries += 1;
    await invoice.save();
  } else if (!code) {
    return; //= return: yes  failure without a code leaves the invoice as it was
  } else {
    invoice.status = 'payment_failed';
    await invoice.save();
  }
  bus.emit('invoice.changed', { invoiceId: invoice.id });
}

async function sendAuthenticationLink(invoice, intent) {
  const patient = await invoice.patient();
  const link = intent.next_action?.redirect_to_url?.url;
  if (!link || !patient.email) return false; //= return: yes  patient is never asked to authenticate
  await mailer.send({ to: patient.email, template: 'authenticate', data: { link } });
  logger.info('Authentication link sent', { invoiceId: invoice.id, clientSecret: intent.client_secret }); //= no-sensitive-fields  client secret
  return true;
}

async function refund(invoiceId, cents) {
  const payments = await Payment.find({ invoiceId }).sort({ createdAt: -1 });
  let left = cents;
  for (const payment of payments) {
    if (left <= 0) break;
    const part = Math.min(left, payment.cents);
    try {
      await stripe.refunds.create({ payment_intent: payment.intentId, amount: part });
      left -= part;
    } catch (err) { //= catch: no  logged and rethrown
      logger.error('Refund failed', { invoiceId, paymentId: payment._id, err }); //= no-double-report  logged as error and rethrown
      throw err;
    }
  }
  if (left > 0) return { refunded: cents - left, reason: 'not_enough_payments' }; //= return: no  reason is returned
  return { refunded: cents };
}

bus.on('stripe.payment_intent.succeeded', (intent) => onSucceeded(intent).catch((err) => bus.emit('error', err))); //= catch: no  passed on to the error event
bus.on('stripe.payment_intent.payment_failed', (intent) => onFailed(intent).catch(() => null)); //= catch: yes  failed handling of a failed payment is swallowed

module.exports = { refund };
