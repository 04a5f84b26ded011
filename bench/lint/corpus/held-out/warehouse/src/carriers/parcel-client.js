'use strict';

const axios = require('axios');
const logger = require('../lib/logger').child({ module: 'parcel-client' });
const { carrierRequests, carrierSeconds } = require('../lib/metrics');
const { CarrierError } = require('./errors');

class ParcelClient {
  #token = null;
  #expires = 0;

  constructor(config) {
    this.config = config;
    this.http = axios.create({ baseURL: config.baseUrl, timeout: 8000 });
  }

  async #authorize() {
    if (this.#token && Date.now() < this.#expires) return this.#token; //= return: no  cache hit
    const { data } = await this.http.post('/oauth/token', { id: this.config.clientId, secret: this.config.clientSecret });
    this.#token = data.access_token;
    this.#expires = Date.now() + (data.expires_in - 30) * 1000;
    logger.debug('carrier token refreshed', { accessToken: data.access_token, expiresIn: data.expires_in }); //= no-sensitive-fields  access token in a log
    return this.#token;
  }

  async createLabel(shipment) {
    const stop = carrierSeconds.startTimer({ operation: 'label' });
    try {
      const token = await this.#authorize();
      const { data } = await this.http.post('/labels', this.#payload(shipment), { headers: { authorization: `Bearer ${token}` } });
      carrierRequests.inc({ operation: 'label', result: 'ok' });
      return data; //= return: no  happy path
    } catch (err) { //= catch: no  wrapped
      carrierRequests.inc({ operation: 'label', result: err.message }); //= bounded-labels  error message as label
      logger.error('label request failed', { err, shipmentId: shipment.id }); //= no-double-report  logged as an error and thrown on
      throw new CarrierError('label_failed', { cause: err });
    } finally {
      stop();
    }
  }

  async track(trackingNumber) {
    try {
      const token = await this.#authorize();
      const res = await this.http.get(`/tracking/${encodeURIComponent(trackingNumber)}`, { headers: { authorization: `Bearer ${token}` } });
      return res.data.events; //= return: no  happy path
    } catch (err) { //= catch: no  narrowed, the rest becomes an error with its cause
      if (err.response && err.response.status === 404) return []; //= return: no  unknown parcel is an empty history
      throw new CarrierError('tracking_failed', { cause: err });
    }
  }

  async cancel(labelId) {
    try {
      const token = await this.#authorize();
      await this.http.delete(`/labels/${labelId}`, { headers: { authorization: `Bearer ${token}` } });
    } catch (err) { //= catch: yes  an uncancelled label is billed, nobody learns of it
      return false; //= return: yes  bare false for a failed cancellation
    }
    return true;
  }

  #payload({ id, to, weight, services }) {
    const base = { reference: id, weightGrams: weight, address: to };
    if (!services || services.length === 0) return base; //= return: no  pure builder
    return { ...base, services };
  }

  async ping() {
    return this.http
      .get('/health')
      .then(() => true)
      .catch(() => false); //= catch: no  health probe turns the failure into its answer
  }
}

module.exports = { ParcelClient };
