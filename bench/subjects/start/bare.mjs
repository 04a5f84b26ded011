import { ready } from './report.mjs'

ready()
