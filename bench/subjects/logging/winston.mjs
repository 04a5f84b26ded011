// winston with a timestamp and JSON: no context, no redaction.
import { runWinston } from './winston-case.mjs'

await runWinston()
