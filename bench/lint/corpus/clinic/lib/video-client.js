'use strict';

const axios = require('axios');
const CircuitBreaker = require('opossum');
const logger = require('../config/logger');
const { videoCalls, videoErrors } = require('./metrics');

class VideoClient {
  constructor({ baseURL, apiKey }) {
    this.http = axios.create({ baseURL, headers: { 'x-api-key': apiKey }, timeout: 5000 });
    this.breaker = new CircuitBreaker((config) => this.http.request(config), { timeout: 6000 });
    this.breaker.on('open', () => logger.warn('Video provider: circuit is open'));
    this.breaker.fallback(() => null);
    logger.debug('Video client ready', { baseURL, apiKey }); //= no-sensitive-fields  the API key
  }

  async createRoom(options) {
    const end = videoCalls.startTimer({ operation: 'create' });
    try {
      const response = await this.breaker.fire({ method: 'post', url: '/rooms', data: options });
      if (!response) throw new Error('video provider is not available');
      return { id: response.data.id, joinUrl: response.data.join_url }; //= return: no  the result
    } catch (err) { //= catch: no  counted and rethrown
      videoErrors.inc({ url: err.config ? err.config.url : 'none' }); //= bounded-labels  URL as label
      throw err;
    } finally {
      end();
    }
  }

  async recordingOf(roomId) {
    try {
      const { data } = await this.http.get(`/rooms/${roomId}/recordings`);
      const [latest] = data.recordings;
      if (!latest) return null; //= return: no  getter
      return { url: latest.download_url, seconds: latest.duration }; //= return: no  getter
    } catch (err) { //= catch: no  404 narrowed, others logged and rethrown
      if (err.response && err.response.status === 404) return null; //= return: no  narrowed
      logger.error('Recording could not be read', { roomId, err }); //= no-double-report  logged as error and rethrown
      throw err;
    }
  }

  async closeRoom(roomId) {
    try {
      await this.http.delete(`/rooms/${roomId}`);
    } catch (err) { //= catch: no  logged, as text
      logger.warn('Room not closed', { roomId, reason: err.toString() }); //= error-with-context  error turned into text
    }
  }

  async ping() {
    try {
      const { status } = await this.http.get('/status');
      return status === 200; //= return: no  health probe
    } catch { //= catch: no  health probe, false says it
      return false; //= return: no  health probe
    }
  }
}

module.exports = VideoClient;
