const reserved =
  /^(?:level|time|timestamp|msg|message|event|logger|service|version|environment|instance|name|hostname|pid|v|context|severity|(?:request|trace|span|flow)_id)$/

/** Whether a log line has a member of the name itself: a second one breaks it, or is renamed. */
export function isReserved(name: string): boolean {
  return reserved.test(name)
}
