'use strict';

const https = require('https');
const axios = require('axios');
const logger = require('../config/logger');
const { insuranceCalls } = require('./metrics');

const client = axios.create({
  baseURL: process.env.INSURANCE_URL,
  timeout: 8000,
  httpsAgent: new https.Agent({ keepAlive: true, cert: process.env.INSURANCE_CERT, key: process.env.INSURANCE_KEY }),
});

let directory = null;
let directoryAt = 0;

async function carriers() {
  if (directory && Date.now() - directoryAt < 3600e3) return directory; //= return: no  cache hit

  try {
    const { data } = await client.get('/carriers');
    directory = new Map(data.carriers.map((carrier) => [carrier.code, carrier]));
    directoryAt = Date.now();
  } catch (err) { //= catch: yes  stale directory is served for ever, unseen
    if (!directory) directory = new Map();
  }
  return directory;
}

async function submit(claim) {
  const end = insuranceCalls.startTimer({ operation: 'submit' });
  try {
    const { data } = await client.post('/claims', claim);
    return { status: data.status, coveredCents: data.covered }; //= return: no  the result
  } catch (err) { //= catch: no  rethrown, the cause is lost to the other rule
    if (err.response && err.response.status === 422) return { status: 'rejected', reason: err.response.data.code }; //= return: no  reason is returned
    throw new Error(`Insurance answered: ${err.message}`); //= error-with-context  new Error without cause
  } finally {
    end();
  }
}

function eligibility(policyNumber, done) {
  client
    .get(`/policies/${encodeURIComponent(policyNumber)}`)
    .then(({ data }) => done(null, data.active))
    .catch((err) => { //= catch: no  404 narrowed, the rest goes to the callback
      if (err.response && err.response.status === 404) return done(null, false); //= return: no  narrowed
      done(err);
    });
}

async function carrierOf(policyNumber) {
  const all = await carriers();
  const code = policyNumber.slice(0, 3);
  if (!all.has(code)) {
    logger.warn(`Unknown insurance carrier ${code}`); //= structured-event  interpolated message
    return undefined; //= return: no  logged
  }
  return all.get(code);
}

module.exports = { submit, eligibility, carrierOf };
