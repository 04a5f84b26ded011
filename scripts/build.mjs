import './node-version.mjs'
import('./commands/build.mjs')
