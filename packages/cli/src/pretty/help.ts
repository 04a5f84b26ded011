export const help = `telltale pretty: draws JSON log lines for a person.

  service | telltale pretty              what a service writes
  telltale pretty app.log                a file, or several
  telltale pretty --follow app.log       a file, and what is added to it, through rotation

It knows the lines of Telltale, pino, winston, bunyan, structlog, ECS, OpenTelemetry (OTLP/JSON),
Datadog and Google Cloud, and what Docker and Kubernetes put before them. Other text passes through,
made harmless to the terminal.

  --follow FILE      wait for FILE, draw it and what is added, as tail -F does; may be repeated
  --lines N          begin a followed file with its last N lines (default: all)
  --level LEVEL      this level and above: debug, info, warning, error, critical, in any spelling
  --where CONDITION  only lines for which it holds; repeated, all must hold:
                       request_id=9f3c     equal; an id's four characters as drawn will do
                       error.code!=E42     not equal, or not there
                       path~=/assess       contains, in any case
                       user_id             is there
  --format FORMAT    console (default), logfmt, or json: every line as Telltale's own
  --color WHEN       auto (default: on a terminal; NO_COLOR, FORCE_COLOR), always, never
  --width N          columns to fit (default: the terminal's, else no limit)
  --help             this text
`
