export const help = `telltale generate: makes a Grafana dashboard or Prometheus alert rules from metric definitions.

  telltale generate dashboard http://localhost:3000/metrics --output dashboard.json
  telltale generate alerts http://localhost:3000/metrics --job assessments --output alerts.yml
  telltale generate dashboard ./dist/metrics.js
  curl -s -H "Authorization: Bearer $TOKEN" https://api.example/metrics | telltale generate dashboard -

The source is a running service's metrics, a saved exposition (Prometheus text or OpenMetrics; - is
standard input), or a module (.js, .mjs, .cjs, .ts, .mts, .cts) that defines metrics when it is imported.

  --job NAME                   the job by which Prometheus knows the service (scrape_configs: job_name):
                               the dashboard opens with it; alerts need it
  --title TEXT                 the dashboard's title (default: the job)
  --uid ID                     the dashboard's id, which its address ends in (default: from the title)
  --error-ratio R              raise an alert, and draw a line, where a larger share of requests fails
                               (default: 0.05)
  --flow-failure-ratio R       the same for flows (default: 0.1)
  --runbooks URL               link each alert to URL/NAME-OF-THE-ALERT
  --output FILE                write to FILE instead of standard output
  --help                       this text
`
