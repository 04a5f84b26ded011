'use strict';

const dayjs = require('dayjs');
const { Survey, SurveyAnswer, Ticket, Customer } = require('../models');
const mailer = require('./mailer');
const featureFlags = require('./feature-flags');
const winston = require('winston');

function SatisfactionSurvey(deps = {}) {
  this.mailer = deps.mailer || mailer;
  this.clock = deps.clock || (() => new Date());
  this.logger = winston.child({ label: 'csat' });
}

SatisfactionSurvey.prototype.offer = async function offer(ticketId) {
  const ticket = await Ticket.findById(ticketId).populate('account');
  const account = ticket && ticket.account;

  if (!account || !(await featureFlags.enabled('csat', account.id))) return; //= return: no  feature switched off for the account

  const customer = await Customer.findById(ticket.customer);
  if (!customer || !customer.email || customer.unsubscribedAt) {
    return; //= return: yes  survey never sent, three causes in one guard
  }

  const last = await Survey.findOne({ customer: customer._id }).sort('-sentAt');
  if (last && dayjs(this.clock()).diff(last.sentAt, 'day') < account.csat.cooldownDays) return; //= return: yes  cooldown withheld the survey

  const handledBy = ticket.messages.filter((m) => m.authorType === 'agent').at(-1);
  if (!handledBy) return void 0; //= return: yes  no agent ever answered, survey silently withheld

  const survey = await Survey.create({ customer: customer._id, ticket: ticket._id, sentAt: this.clock() });
  return this.mailer
    .send('csat', customer, { surveyId: survey.id })
    .catch(async (err) => { //= catch: no  logged with ids
      this.logger.error('survey mail failed', { err, surveyId: survey.id });
      await Survey.deleteOne({ _id: survey._id });
    });
};

SatisfactionSurvey.prototype.record = async function record(code, { score, comment }) {
  const survey = await Survey.findOne({ code });
  if (!survey) return { ok: false, reason: 'unknown_code' }; //= return: no  reason returned
  if (survey.answeredAt) return { ok: false, reason: 'already_answered' }; //= return: no  reason returned
  const value = Number.parseInt(score, 10);
  if (!(value >= 1 && value <= 5)) return { ok: false, reason: 'score_out_of_range' }; //= return: no  reason returned

  await SurveyAnswer.create({ survey: survey._id, score: value, comment });
  await Survey.updateOne({ _id: survey._id }, { answeredAt: this.clock() });
  if (value > 2) return { ok: true }; //= return: no  good score needs no follow-up

  const ticket = await Ticket.findById(survey.ticket);
  if (!ticket) return { ok: true }; //= return: yes  bad score whose lead is never alerted, result hides it
  try {
    await this.mailer.send('csat-low', { to: ticket.teamLeadEmail }, { ticketId: ticket.id, value });
  } catch (err) { //= catch: no  logged, though as text
    this.logger.error(`low score alert not sent: ${err}`); //= structured-event  interpolated //= error-with-context  error as text
  }
  return { ok: true };
};

module.exports = new SatisfactionSurvey();
