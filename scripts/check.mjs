import './node-version.mjs'
import('./commands/check.mjs')
