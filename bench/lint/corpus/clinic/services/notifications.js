'use strict';

const logger = require('../config/logger');
const Patient = require('../models/patient');
const Notification = require('../models/notification');
const mailer = require('../lib/mailer');
const sms = require('../lib/sms-client');
const push = require('../lib/push-client');

const TEMPLATES = require('../lib/templates');

// callback style: used by the old portal as well
function sendMail(patientId, template, data, done) {
  Patient.findById(patientId, (err, patient) => {
    if (err) return done(err); //= return: no  error goes to the callback
    if (!patient || !patient.email) return done(); //= return: yes  mail silently dropped, callback told success

    mailer.deliver(TEMPLATES[template](patient, data), patient.email, (mailErr, info) => {
      if (mailErr) {
        logger.error('Mail not delivered', { patientId, template, err: mailErr });
        return done(mailErr); //= return: no  error goes to the callback
      }
      Notification.create({ patientId, template, channel: 'mail', messageId: info.messageId }, done);
    });
  });
}

async function sendSms(patientId, template, data) {
  const patient = await Patient.findById(patientId);
  if (!patient.mobile) {
    logger.info('SMS skipped, patient has no mobile number', { patientId, template });
    return false; //= return: no  logged
  }

  try {
    const { id } = await sms.send({ to: patient.mobile, template, params: data });
    await Notification.create({ patientId, template, channel: 'sms', messageId: id });
    return true; //= return: no  the outcome after the work
  } catch (err) { //= catch: yes  a failed SMS is only false
    return false; //= return: no  the catch is the finding
  }
}

async function sendPush(patientId, template, data) {
  const devices = await push.devicesOf(patientId);
  if (!devices.length) return false; //= return: no  no device registered, caller falls back by the answer

  const results = await Promise.all(
    devices.map((device) =>
      push
        .send(device, template, data)
        .then(() => true)
        .catch((err) => { //= catch: no  gone device is narrowed, the rest logged
          if (err.statusCode === 410) return push.forget(device).then(() => false); //= return: no  gone device is removed
          logger.warn('Push failed', { patientId, device: device.id, err });
          return false;
        }),
    ),
  );
  return results.some(Boolean);
}

async function notify(patientId, template, data) {
  const preferences = await Patient.preferencesOf(patientId);
  switch (preferences.channel) {
    case 'sms':
      return sendSms(patientId, template, data); //= return: no  dispatch by channel
    case 'push':
      return (await sendPush(patientId, template, data)) || sendSms(patientId, template, data); //= return: no  dispatch by channel
    case 'none':
      return false; //= return: yes  preference drops the message without a trace
    default:
      return new Promise((resolve, reject) => { //= return: no  dispatch by channel
        sendMail(patientId, template, data, (err) => (err ? reject(err) : resolve(true)));
      });
  }
}

module.exports = { notify, sendMail, sendSms, sendPush };
