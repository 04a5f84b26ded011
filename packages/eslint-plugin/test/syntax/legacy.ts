import pino = require('pino')
import type winston = require('winston')
import Level = pino.Level
class Legacy { log = <pino.Logger>pino(); async run() { const found = await <any>find(); if (!found) return; await this.log.info(<string>`${found}`) } }
export = Legacy
