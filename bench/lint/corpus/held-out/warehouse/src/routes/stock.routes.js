'use strict';

const { Router } = require('express');
const Joi = require('joi');
const logger = require('../lib/logger');
const stock = require('../repositories/stock-repository');
const movements = require('../services/movements');
const { serializeStock } = require('../serializers/stock');
const { requireRole } = require('../middleware/auth');
const wrap = require('../middleware/async');

const router = Router();
const adjustSchema = Joi.object({ quantity: Joi.number().integer().required(), reason: Joi.string().max(200), bin: Joi.string().required() });

router.get('/:sku', wrap(async (req, res) => {
  const rows = await stock.bySku(req.params.sku);
  if (!rows.length) {
    return res.status(404).json({ error: 'no stock for this sku' }); //= return: no  the caller is told
  }
  if (req.query.format === 'csv') {
    res.type('text/csv');
    return res.send(rows.map((r) => `${r.sku};${r.bin};${r.on_hand}`).join('\n')); //= return: no  answers in another format
  }
  res.json(rows.map(serializeStock));
}));

router.post('/:sku/adjust', requireRole('stock:write'), wrap(async (req, res) => {
  const { error, value } = adjustSchema.validate(req.body);
  if (error) return res.status(400).json({ error: error.message }); //= return: no  the caller gets the reason
  if (Math.abs(value.quantity) > 500 && req.user.role !== 'lead') {
    return res.status(403).json({ error: 'adjustments above 500 need a shift lead' }); //= return: no  the caller gets the reason
  }

  logger.info(`stock adjustment of ${req.params.sku} by ${req.user.id}`); //= structured-event  interpolated ids
  const movement = await movements.recordMovement({ sku: req.params.sku, bin: value.bin, type: 'adjustment', quantity: value.quantity });
  if (!movement) return res.status(204).end(); //= return: maybe  204 tells the client "nothing booked" without why
  res.status(201).json({ id: movement.id });
}));

router.post('/:sku/transfer', requireRole('stock:write'), wrap(async (req, res) => {
  const { from, to, quantity } = req.body;
  try {
    const result = await movements.transfer({ sku: req.params.sku, from, to, quantity, userId: req.user.id });
    if (result.moved === 0) return res.status(409).json(result); //= return: no  the caller gets the result
    return res.json(result); //= return: no  happy path
  } catch (err) { //= catch: yes  error dropped, the client sees only "failed"
    return res.status(500).json({ error: 'transfer failed' }); //= return: no  the client is told, the catch label covers the lost error
  }
}));

router.delete('/movements/:id', requireRole('stock:admin'), wrap(async (req, res) => {
  const done = await movements.undo(req.params.id, req.user.id);
  if (!done) return res.status(404).end(); //= return: no  HTTP answer to the caller
  logger.info('movement undone', { movementId: req.params.id, user: req.user }); //= no-sensitive-fields  whole user object
  res.status(204).end();
}));

module.exports = router;
