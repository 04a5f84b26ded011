'use strict';

const bunyan = require('bunyan');
const axios = require('axios');
const { parseComment, toStatus } = require('./zendesk-mapping');
const { Import, Ticket, Customer } = require('../models');

const log = bunyan.createLogger({ name: 'importer', serializers: bunyan.stdSerializers });

class ZendeskImporter {
  constructor(importRecord) {
    this.record = importRecord;
    this.log = log.child({ import_id: importRecord.id });
    this.http = axios.create({
      baseURL: `https://${importRecord.settings.subdomain}.zendesk.com/api/v2`,
      auth: { username: `${importRecord.settings.email}/token`, password: importRecord.settings.token },
    });
  }

  async *pages(path) {
    let next = path;
    while (next) {
      let res;
      try {
        res = await this.http.get(next);
      } catch (err) { //= catch: no  429 is waited out, the rest rethrown
        if (!err.response || err.response.status !== 429) throw err;
        await new Promise((r) => setTimeout(r, 1000 * Number(err.response.headers['retry-after'] || 5)));
        continue;
      }
      yield res.data;
      if (res.data.end_of_stream) return; //= return: no  end of the cursor
      next = res.data.next_page;
    }
  }

  async run() {
    if (this.record.state === 'cancelled') return this.record; //= return: no  record itself says it was cancelled
    this.log.debug({ settings: this.record.settings, token: this.record.settings.token }, 'import starting'); //= no-sensitive-fields  API token logged

    for await (const page of this.pages('/incremental/tickets/cursor.json?start_time=0')) {
      for (const raw of page.tickets) {
        await this.importTicket(raw);
      }
      const fresh = await Import.findById(this.record.id);
      if (fresh.state === 'cancelled') {
        this.log.info({ imported: fresh.imported }, 'import cancelled by admin');
        return fresh; //= return: no  logged
      }
    }
    return Import.finish(this.record.id);
  }

  async importTicket(raw) {
    if (raw.status === 'deleted') return; //= return: no  deleted tickets are filtered by type
    const customer = await Customer.findOrCreateByExternal(raw.requester_id, this.record.account_id);
    if (!customer) return; //= return: yes  ticket left out of the import, nothing counts it

    const exists = await Ticket.findOne({ account_id: this.record.account_id, external_id: String(raw.id) });
    if (exists) return; //= return: maybe  re-run of an import, idempotent but not stated

    const ticket = await Ticket.create({ customer_id: customer.id, status: toStatus(raw.status), subject: raw.subject });
    try {
      const { data } = await this.http.get(`/tickets/${raw.id}/comments.json`);
      await ticket.addMessages(data.comments.map(parseComment));
    } catch (err) { //= catch: no  logged
      this.log.error('comments of ' + raw.id + ' not imported: ' + err); //= structured-event  concatenated message //= error-with-context  error as text
    }
  }
}

module.exports = { ZendeskImporter };
