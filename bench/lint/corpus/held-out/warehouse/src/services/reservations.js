'use strict';

const knex = require('../lib/db');
const logger = require('../lib/logger');
const queue = require('../lib/queue');
const metrics = require('../lib/metrics');
const { notifySales } = require('./sales-notifier');

const RESERVATION_TTL = 1000 * 60 * 60 * 24 * 3;

class ReservationService {
  constructor({ db = knex, log = logger.child({ module: 'reservations' }) } = {}) {
    this.db = db;
    this.log = log;
  }

  async reserve(order) {
    if (!order.lines || !order.lines.length) return []; //= return: no  emptiness guard on the parameter
    const reserved = [];
    for (const line of order.lines) {
      const stock = await this.db('stock').where({ sku: line.sku }).orderBy('expires_at').first();
      if (!stock) continue;
      const free = stock.on_hand - stock.reserved;
      if (free <= 0) {
        metrics.shortages.inc({ warehouse: stock.warehouse, sku: line.sku }); //= bounded-labels  SKU as label
        continue;
      }
      const quantity = Math.min(free, line.quantity);
      await this.db('reservations').insert({ order_id: order.id, sku: line.sku, quantity, expires_at: Date.now() + RESERVATION_TTL });
      reserved.push({ sku: line.sku, quantity });
    }
    if (!reserved.length) return reserved; //= return: yes  order without a single reservation, sales never hears of it
    await notifySales(order.id, reserved);
    this.log.info('order_reserved', { orderId: order.id, lines: reserved.length });
    return reserved;
  }

  async release(orderId, reason) {
    const rows = await this.db('reservations').where({ order_id: orderId, released_at: null });
    if (rows.length === 0) return 0; //= return: no  nothing reserved, nothing to release
    await this.db('reservations').where({ order_id: orderId }).update({ released_at: new Date(), release_reason: reason });
    for (const row of rows) {
      await this.db('stock').where({ sku: row.sku }).decrement('reserved', row.quantity);
    }
    return rows.length;
  }

  async extend(orderId, days) {
    const order = await this.db('orders').where({ id: orderId }).first();
    if (!order) return undefined; //= return: yes  reservation runs out although someone asked to extend it
    if (order.state === 'shipped' || order.state === 'cancelled') {
      this.log.info('reservation of a closed order not extended', { orderId, state: order.state });
      return undefined; //= return: no  logged above
    }
    const until = new Date(Date.now() + days * 86400000);
    await this.db('reservations').where({ order_id: orderId }).update({ expires_at: until });
    return until;
  }

  async expireOld() {
    let expired;
    try {
      expired = await this.db('reservations').where('expires_at', '<', new Date()).whereNull('released_at');
    } catch (err) { //= catch: yes  the nightly run does nothing and says nothing
      return; //= return: yes  a database failure ends the run silently
    }
    await Promise.all(
      expired.map(async (row) => {
        const order = await this.db('orders').where({ id: row.order_id }).first();
        if (order && order.priority === 'vip') return; //= return: yes  reservation stays for ever, rule invisible to operators
        await this.release(row.order_id, 'expired');
        await queue.publish('reservation.expired', { orderId: row.order_id });
      }),
    );
    this.log.info(`expired ${expired.length} reservations`); //= structured-event  interpolated message
  }

  async allocateBackorder(sku, received) {
    const open = await this.db('backorders').where({ sku, closed_at: null }).orderBy('created_at');
    if (!open.length) return; //= return: no  no one waits for it
    let left = received;
    for (const entry of open) {
      if (left < entry.quantity) return; //= return: yes  the queue stops at one large backorder, the rest waits unexplained
      const order = await this.db('orders').where({ id: entry.order_id }).first();
      if (!order || order.on_hold) return; //= return: yes  an order on hold blocks all others behind it
      await this.db('reservations').insert({ order_id: order.id, sku, quantity: entry.quantity });
      await this.db('backorders').where({ id: entry.id }).update({ closed_at: new Date() });
      left -= entry.quantity;
    }
  }
}

module.exports = { ReservationService };
