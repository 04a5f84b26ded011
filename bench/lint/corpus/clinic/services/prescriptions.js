'use strict';

const logger = require('../config/logger');
const Prescription = require('../models/prescription');
const Patient = require('../models/patient');
const pharmacy = require('../lib/pharmacy-client');
const { renewals } = require('../lib/metrics');

const INTERACTIONS = require('../lib/interactions.json');

function findInteraction(current, drug) {
  for (const other of current) {
    const known = INTERACTIONS[drug] && INTERACTIONS[drug][other.drug];
    if (known) return { with: other.drug, severity: known }; //= return: no  pure search
  }
  return null;
}

class PrescriptionService {
  constructor({ clock = () => new Date() } = {}) {
    this.clock = clock;
    this.logger = logger.child({ component: 'prescriptions' });
  }

  async renew(prescriptionId, practitioner) {
    const prescription = await Prescription.findById(prescriptionId);
    if (!prescription) return undefined; //= return: no  not found is what the route answers
    if (!prescription.renewable) {
      renewals.inc({ outcome: 'not_renewable' });
      return undefined; //= return: no  counted with the reason
    }

    const current = await Prescription.find({ patientId: prescription.patientId, active: true });
    const interaction = findInteraction(current, prescription.drug);
    if (interaction && interaction.severity === 'severe') {
      return undefined; //= return: yes  renewal refused by interaction and nobody is told
    }

    const renewed = await Prescription.create({
      ...prescription.toObject(),
      _id: undefined,
      issuedAt: this.clock(),
      issuedBy: practitioner.id,
    });
    renewals.inc({ outcome: 'renewed' });
    this.logger.info('Prescription renewed', { prescriptionId, renewedId: renewed.id });
    return renewed;
  }

  async transmit(prescription) {
    const patient = await Patient.findById(prescription.patientId);
    const shop = patient.pharmacyId && (await pharmacy.find(patient.pharmacyId));
    if (!shop?.acceptsElectronic) {
      prescription.delivery = 'paper';
      return prescription.save(); //= return: no  other branch, delivery stored
    }

    try {
      await pharmacy.transmit(shop, prescription);
    } catch (err) { //= catch: no  narrowed conflict, rest rethrown with cause
      if (err.code === 'ALREADY_TRANSMITTED') return prescription; //= return: no  idempotent, narrowed by code
      throw new Error('Prescription could not be transmitted', { cause: err });
    }
    prescription.delivery = 'electronic';
    return prescription.save();
  }

  async expireOld() {
    const old = await Prescription.find({ active: true, validUntil: { $lt: this.clock() } });
    if (!old.length) return; //= return: no  nothing to do
    await Prescription.updateMany({ _id: { $in: old.map((p) => p._id) } }, { active: false });
    this.logger.info('Prescriptions expired', { count: old.length });
  }
}

module.exports = new PrescriptionService();
module.exports.findInteraction = findInteraction;
