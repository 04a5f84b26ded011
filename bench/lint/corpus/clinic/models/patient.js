'use strict';

const mongoose = require('mongoose');
const bcrypt = require('bcrypt');
const logger = require('../config/logger');
const search = require('../lib/search-index');
const { toE164 } = require('../lib/phone');

const schema = new mongoose.Schema(
  {
    firstName: { type: String, required: true },
    lastName: { type: String, required: true },
    email: { type: String, lowercase: true, trim: true },
    mobile: String,
    country: { type: String, default: 'AT' },
    pin: String,
    channel: { type: String, enum: ['mail', 'sms', 'push', 'none'], default: 'mail' },
    consents: { sms: Boolean, research: Boolean },
    insurance: { carrier: String, policyNumber: String },
  },
  { timestamps: true },
);

schema.virtual('fullName').get(function () {
  if (!this.lastName) return this.firstName; //= return: no  getter
  return `${this.firstName} ${this.lastName}`;
});

schema.pre('save', async function () {
  if (!this.isModified('pin')) return; //= return: no  hook filter, nothing changed
  this.pin = await bcrypt.hash(this.pin, 12);
});

schema.pre('validate', function (next) {
  if (!this.mobile) return next(); //= return: no  nothing to normalise
  const mobile = toE164(this.mobile, this.country);
  if (!mobile) {
    this.invalidate('mobile', 'is not a phone number');
    return next(); //= return: no  invalidated with a reason
  }
  this.mobile = mobile;
  next();
});

schema.post('save', function (doc) {
  if (doc.get('meta.imported')) return; //= return: maybe  imports are indexed elsewhere, perhaps
  search
    .index('patients', { id: doc.id, name: doc.fullName })
    .catch((err) => logger.warn('Patient not indexed', { patientId: doc.id, err })); //= catch: no  logged
});

schema.methods.verifyPin = async function (pin) {
  try {
    return await bcrypt.compare(pin, this.pin); //= return: no  the result
  } catch (err) { //= catch: no  logged, with the pin
    logger.error('PIN check failed', { patientId: this.id, pin, err }); //= no-sensitive-fields  the PIN
    return false; //= return: no  logged
  }
};

schema.statics.preferencesOf = async function (id) {
  const patient = await this.findById(id, 'channel consents').lean();
  if (!patient) return { channel: 'none' }; //= return: maybe  a missing patient turns into an opt-out
  return { channel: patient.channel, ...patient.consents };
};

module.exports = mongoose.model('Patient', schema);
