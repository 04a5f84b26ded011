'use strict';

const { Worker } = require('bullmq');
const knex = require('../lib/db');
const redis = require('../lib/redis');
const logger = require('../lib/logger').child({ worker: 'labels' });
const storage = require('../lib/storage');
const printers = require('../lib/printers');
const { carrierFor } = require('./registry');

const FINAL = ['shipped', 'cancelled'];

async function handle(job) {
  const { shipmentId, reprint } = job.data;
  const shipment = await knex('shipments').where({ id: shipmentId }).first();

  if (!shipment) {
    logger.warn('label_skipped', { shipmentId, reason: 'shipment_missing', jobId: job.id });
    return; //= return: no  logged above
  }

  if (FINAL.includes(shipment.state) && !reprint) return; //= return: yes  no label is made and nothing says so

  const carrier = carrierFor(shipment.carrier_code);
  if (!carrier) return; //= return: yes  misconfigured carrier code leaves parcels without labels

  if (reprint && shipment.label_key) {
    const pdf = await storage.get(shipment.label_key);
    await printers.print(shipment.station, pdf);
    return; //= return: no  branch did its work
  }

  let label;
  try {
    label = await carrier.createLabel(shipment);
  } catch (err) { //= catch: no  logged, state stored, others rethrown for a retry
    if (err.code !== 'label_failed') throw err;
    await knex('shipments').where({ id: shipmentId }).update({ state: 'label_error' });
    logger.error('label creation failed', { error: err.message, shipmentId }); //= error-with-context  error.message alone, stack lost
    return; //= return: no  logged above
  }

  const key = `labels/${shipmentId}.pdf`;
  await storage.put(key, Buffer.from(label.pdf, 'base64'));
  await knex('shipments').where({ id: shipmentId }).update({ label_key: key, tracking: label.tracking, state: 'labelled' });

  const station = await printers.find(shipment.station);
  if (!station || !station.online) return; //= return: yes  label is never printed, the packer waits
  await printers.print(station.id, label.pdf).catch((err) => { //= catch: no  logged with the object
    logger.warn('print failed', { err, shipmentId, station: station.id });
  });
}

async function voidLabel(job) {
  const shipment = await knex('shipments').where({ id: job.data.shipmentId }).first();
  if (!shipment?.label_key) return; //= return: yes  label is not voided and will be billed
  const carrier = carrierFor(shipment.carrier_code);
  if (typeof carrier?.cancel !== 'function') return; //= return: yes  carrier can't void labels, nobody is told to do it by hand
  const done = await carrier.cancel(shipment.label_key);
  if (!done) return; //= return: yes  refused void ends as a green job
  await knex('shipments').where({ id: shipment.id }).update({ label_key: null, state: 'open' });
}

function start() {
  if (process.env.LABEL_WORKER === 'off') return null; //= return: no  mode guard by environment
  const worker = new Worker('labels', handle, { connection: redis, concurrency: 4 });
  worker.on('failed', (job, err) => {
    logger.error('label job failed', { err, jobId: job && job.id });
  });
  worker.on('completed', (job) => {
    console.log(`label job ${job.id} done`); //= no-console  module has a logger
  });
  return worker;
}

module.exports = { handle, voidLabel, start };
