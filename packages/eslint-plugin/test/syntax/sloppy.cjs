#!/usr/bin/env node
label: function hoisted() { if (a) return; send() }
if (log) function sloppy() { return }
with (log) { info('x'); if (x) exports.y = function () { if (!z) return; error(z) } }
var let = 1, yield = 2, await = 010
const pino = require('pino'), { createLogger, format: { json } = {} } = require('winston'), { captureException: report } = require('@sentry/node')
const log = require('pino')({ level: 'x' }), dynamic = require('./' + name), part = require('bunyan').createLogger
var self = this, undefined_
module.exports = async function handle(req, res, next) {
  var args = arguments
  if (!req.body) return
  if (!req.user) return next()
  try { await save(req.body) } catch (e) { log.error('failed ' + e.message); return next(e) }
  fs.readFile(x, function (err, data) { if (err) return; callback(null, data) })
  emitter.on('x', function on() { if (this.closed) return; this.send(arguments[0]) })
  setTimeout(function () { if (!timer) { return } ; timer.close() }, 1)
  var a = b ? c : d, e = (f, g), h = !i, j = -k, l = typeof m, n = delete o.p
  switch (a) {}
  switch (a) { default: }
  for (var x in y); for (;;) { break }
  lbl: for (;;) { continue lbl }
  ;;;
  {}
  if (a) {} else if (b) return; else {}
  return
  unreachable()
}
exports.get = { get a() { return }, set a(v) { if (!v) return; save(v) }, async *[x]() { if (await y) return; yield send() }, 'q': function () { return }, 1: () => {}, __proto__: null, async, get, set, static: 1 }
return
