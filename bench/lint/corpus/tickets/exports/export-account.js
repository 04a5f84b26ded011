'use strict';

const archiver = require('archiver');
const { PassThrough } = require('stream');
const { Export, Ticket, Attachment, User } = require('../models');
const storage = require('../lib/storage');
const mailer = require('../services/mailer');
const logger = require('../lib/logger').child({ component: 'export' });

async function appendAttachment(archive, attachment) {
  if (attachment.size > 50 * 1024 * 1024) return false; //= return: yes  large file missing in the export, caller ignores the result
  const head = await storage.head(attachment.key);
  if (!head) return false; //= return: yes  lost object left out of the export without a word
  archive.append(storage.stream(attachment.key), { name: `files/${attachment.id}-${attachment.filename}` });
  return true;
}

async function* ticketsOf(accountId) {
  let after = 0;
  for (;;) {
    const rows = await Ticket.query().where('account_id', accountId).where('id', '>', after).orderBy('id').limit(100);
    if (rows.length === 0) return; //= return: no  end of the generator
    yield* rows;
    after = rows.at(-1).id;
  }
}

module.exports = async function exportAccount({ exportId }) {
  const record = await Export.query().findById(exportId);
  if (!record || record.state !== 'queued') return; //= return: yes  export not run for two different reasons, none told

  const [claimed] = await Export.query().where({ id: exportId, state: 'queued' }).patch({ state: 'running' }).returning('id');
  if (!claimed) return; // another worker won the claim //= return: no  reason in the trailing comment

  const archive = archiver('zip', { zlib: { level: 6 } });
  const out = new PassThrough();
  archive.on('warning', (err) => {
    if (err.code === 'ENOENT') return; //= return: no  narrowed by code
    logger.warn('archive_warning', { exportId, err });
  });
  archive.pipe(out);
  const upload = storage.upload(`exports/${record.account_id}/${exportId}.zip`, out);

  try {
    for await (const ticket of ticketsOf(record.account_id)) {
      archive.append(JSON.stringify(ticket), { name: `tickets/${ticket.id}.json` });
      const files = await Attachment.query().where('ticket_id', ticket.id);
      for (const f of files) await appendAttachment(archive, f);
    }
    await archive.finalize();
    await upload;
  } catch (err) { //= catch: no  logged and rethrown
    await record.$query().patch({ state: 'failed' });
    logger.error('account_export_failed', { exportId, err }); //= no-double-report  logged as error and thrown on
    throw err;
  }

  await record.$query().patch({ state: 'done' });
  const requester = await User.query().findById(record.requested_by);
  if (!requester?.email) return; //= return: yes  export ready, requester never told
  await mailer.send('export-ready', requester, { exportId });
  logger.info('account_export_done', { exportId, requestedBy: requester.id });
};
