#!/usr/bin/env node
import '../dist/telltale.js'
