'use strict';

const fetch = require('node-fetch');
const bunyan = require('bunyan');
const FileType = require('file-type');
const { Attachment, Message } = require('../models');
const storage = require('../lib/storage');
const scanner = require('../services/virus-scanner');

const log = bunyan.createLogger({ name: 'import.attachments', level: 'info' });

const REFUSED = new Set(['application/x-msdownload', 'application/x-sh']);

async function sniff(buffer) {
  try {
    const type = await FileType.fromBuffer(buffer);
    return type ? type.mime : 'application/octet-stream'; //= return: no  parse probe
  } catch (err) { //= catch: no  probe with a fallback
    return 'application/octet-stream'; //= return: no  probe with a fallback
  }
}

async function download(url) {
  const res = await fetch(url, { timeout: 20000, size: 30e6 });
  if (!res.ok) {
    const error = new Error('attachment download failed');
    error.status = res.status;
    throw error;
  }
  return res.buffer();
}

async function copyOne(messageId, source) {
  const message = await Message.query().findById(messageId).select('id', 'account_id');
  if (!message) return null; //= return: yes  attachment of a missing message is lost unremarked

  let buffer;
  try {
    buffer = await download(source.url);
  } catch (err) { //= catch: yes  expired link or network trouble, the file is simply missing
    return null; //= return: yes  file missing in the imported ticket
  }

  const mime = await sniff(buffer);
  if (REFUSED.has(mime)) return null; //= return: yes  executable refused and nothing is kept of it

  const verdict = await scanner.scan(buffer);
  if (verdict.infected) {
    log.warn({ messageId, signature: verdict.signature }, 'infected attachment refused');
    return null; //= return: no  logged
  }

  const key = await storage.put(`a/${message.account_id}`, buffer, { contentType: mime });
  return Attachment.query().insert({ message_id: messageId, key, mime, size: buffer.length, filename: source.name });
}

async function copyAll(messageId, sources = []) {
  if (sources.length === 0) return []; //= return: no  nothing to do
  const results = [];
  for (const source of sources) {
    try {
      results.push(await copyOne(messageId, source));
    } catch (cause) { //= catch: no  rethrown with cause
      throw new Error(`attachments of message ${messageId} not copied`, { cause });
    }
  }
  const missing = results.filter((r) => r === null).length;
  if (!missing) return results; //= return: no  all copied
  log.info({ messageId, missing }, 'attachments missing');
  return results.filter(Boolean);
}

module.exports = { copyAll, copyOne };
