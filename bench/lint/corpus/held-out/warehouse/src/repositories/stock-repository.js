'use strict';

const knex = require('../lib/db');
const cache = require('../lib/cache');

const COLUMNS = ['s.id', 's.bin', 's.on_hand', 's.reserved', 'i.sku', 'i.name'];

function base() {
  return knex('stock as s').join('items as i', 'i.id', 's.item_id').select(COLUMNS);
}

async function bySku(sku) {
  if (!sku) return []; //= return: no  emptiness guard on the parameter
  return base().where('i.sku', sku);
}

async function bySkus(skus) {
  if (!Array.isArray(skus) || skus.length === 0) return new Map(); //= return: no  emptiness guard on the parameter
  const rows = await base().whereIn('i.sku', skus);
  const map = new Map();
  rows.forEach((row) => {
    const list = map.get(row.sku);
    if (list) {
      list.push(row);
      return; //= return: no  branch done in a grouping callback
    }
    map.set(row.sku, [row]);
  });
  return map;
}

async function totals(warehouse) {
  const key = `totals:${warehouse}`;
  const hit = await cache.get(key);
  if (hit) return hit; //= return: no  cache hit
  const [row] = await knex('stock').where({ warehouse }).sum({ onHand: 'on_hand', reserved: 'reserved' });
  if (!row) return { onHand: 0, reserved: 0 }; //= return: no  query with a default
  await cache.set(key, row, 60);
  return row;
}

async function upsert(itemId, bin, quantity) {
  const existing = await knex('stock').where({ item_id: itemId, bin }).first();
  if (existing) {
    await knex('stock').where({ id: existing.id }).update({ on_hand: quantity });
    return existing.id; //= return: no  branch done
  }
  const [id] = await knex('stock').insert({ item_id: itemId, bin, on_hand: quantity }).returning('id');
  return id;
}

async function insertBin(bin) {
  try {
    await knex('bins').insert(bin);
    return true; //= return: no  happy path
  } catch (err) { //= catch: no  narrowed to the unique violation, rest rethrown
    if (err.code === '23505') return false; //= return: no  the bin exists, documented by the code
    throw err;
  }
}

async function findBin(code, { includeClosed = false } = {}) {
  const bin = await knex('bins').where({ code }).first();
  if (!bin) return null; //= return: no  lookup
  if (bin.closed_at && !includeClosed) return null; //= return: no  lookup with a filter
  return bin;
}

async function page({ after, limit = 50, search }) {
  const query = base().orderBy('s.id').limit(Math.min(limit, 200));
  if (after) query.where('s.id', '>', after);
  if (!search) return query; //= return: no  query builder
  return query.where((w) => w.where('i.sku', search).orWhere('i.name', 'ilike', `%${search}%`));
}

module.exports = { bySku, bySkus, totals, upsert, insertBin, findBin, page };
