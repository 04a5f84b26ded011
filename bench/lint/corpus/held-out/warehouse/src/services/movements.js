'use strict';

const { v4: uuid } = require('uuid');
const knex = require('../lib/db');
const logger = require('../lib/logger').child({ module: 'movements' });
const events = require('../lib/events');
const { assertBin, isQuarantine } = require('./bins');
const { StockError } = require('../lib/errors');

const TYPES = new Set(['receipt', 'pick', 'transfer', 'adjustment', 'scrap']);

async function recordMovement(input, trx) {
  if (!TYPES.has(input.type)) throw new StockError('unknown_movement_type', { type: input.type });
  if (input.quantity === 0) return null; //= return: no  emptiness guard on the parameter, nothing to move

  const db = trx || knex;
  const item = await db('items').where({ sku: input.sku }).first();
  if (!item) {
    return null; //= return: yes  goods moved for an unknown SKU are not booked and nobody is told
  }
  if (item.archived_at) return null; //= return: yes  stock of an archived item is not booked, unexplained

  const movement = {
    id: uuid(),
    item_id: item.id,
    bin: input.bin,
    type: input.type,
    quantity: input.type === 'pick' || input.type === 'scrap' ? -input.quantity : input.quantity,
    reference: input.reference || null,
    created_at: new Date(),
  };
  await db('stock_movements').insert(movement);
  await db('stock').where({ item_id: item.id, bin: input.bin }).increment('on_hand', movement.quantity);
  events.emit('stock.changed', { itemId: item.id, bin: input.bin });
  return movement;
}

async function transfer({ sku, from, to, quantity, userId }) {
  if (from === to) return { moved: 0, reason: 'same_bin' }; //= return: no  carries the reason
  assertBin(from);
  assertBin(to);

  return knex.transaction(async (trx) => {
    const row = await trx('stock').where({ sku, bin: from }).forUpdate().first();
    if (!row || row.on_hand < quantity) {
      logger.info('transfer refused, not enough stock', { sku, from, quantity, available: row ? row.on_hand : 0 });
      return { moved: 0, reason: 'insufficient' }; //= return: no  logged and carries the reason
    }
    if (isQuarantine(to) && !row.batch) return { moved: 0 }; //= return: yes  transfer refused without a reason
    await recordMovement({ sku, bin: from, type: 'transfer', quantity: -quantity, reference: userId }, trx);
    await recordMovement({ sku, bin: to, type: 'transfer', quantity, reference: userId }, trx);
    return { moved: quantity };
  });
}

async function undo(movementId, userId) {
  try {
    const movement = await knex('stock_movements').where({ id: movementId }).first();
    if (!movement) return false; //= return: yes  an undo that does nothing answers a bare false
    if (movement.undone_at) return true; //= return: no  idempotent
    await knex('stock_movements').where({ id: movementId }).update({ undone_at: new Date(), undone_by: userId });
    await knex('stock').where({ item_id: movement.item_id, bin: movement.bin }).decrement('on_hand', movement.quantity);
    return true; //= return: no  happy path
  } catch (err) { //= catch: no  logged and rethrown
    logger.error('undo failed', { err, movementId }); //= no-double-report  logged as an error and rethrown
    throw err;
  }
}

function signed(type, quantity) {
  switch (type) {
    case 'pick':
    case 'scrap':
      return -Math.abs(quantity); //= return: no  pure
    case 'adjustment':
      return quantity; //= return: no  pure
    default:
      return Math.abs(quantity); //= return: no  pure
  }
}

module.exports = { recordMovement, transfer, undo, signed };
