import './node-version.mjs'
import('./commands/bench.mjs')
