'use strict';

const mongoose = require('mongoose');
const multer = require('multer');
const logger = require('../config/logger');
const { AppError } = require('../lib/errors');

function fromMongoose(err) {
  if (err instanceof mongoose.Error.ValidationError) {
    return { status: 422, code: 'validation', fields: Object.keys(err.errors) }; //= return: no  pure mapping
  }
  if (err instanceof mongoose.Error.CastError) return { status: 404, code: 'not_found' }; //= return: no  pure mapping
  if (err.code === 11000) return { status: 409, code: 'duplicate' }; //= return: no  pure mapping
  return null;
}

// eslint-disable-next-line no-unused-vars
module.exports = function errorHandler(err, req, res, next) {
  if (res.headersSent) {
    return next(err); //= return: no  handed to Express
  }

  if (err instanceof AppError) {
    return res.status(err.status).json({ error: err.code, message: err.message }); //= return: no  answered with a reason
  }

  if (err instanceof multer.MulterError) {
    return res.status(413).json({ error: err.code }); //= return: no  answered with a reason
  }

  const known = fromMongoose(err);
  if (known) {
    const { status, ...body } = known;
    return res.status(status).json(body); //= return: no  answered with a reason
  }

  logger.error('Unhandled error', { err, method: req.method, path: req.path, headers: req.headers }); //= no-sensitive-fields  all headers with authorization and cookie
  res.status(500).json({ error: 'internal' });
};
