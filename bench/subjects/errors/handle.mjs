/** A kind has a type of its own, and so has its cause. */
class KindError extends Error {
  constructor(kind, message, options) {
    super(message, options)
    this.name = `Kind${kind}Error`
  }
}

let served = 0
let met = 0
/** The requests that were answered so far, and the errors that they met. */
export const counts = () => ({ served, met })

/** Of so many kinds, in turn. */
export function nextError(kinds) {
  const kind = met++ % kinds
  return new KindError(kind, 'the gateway did not answer', {
    cause: new KindError(kind, 'connect timed out'),
  })
}

/** Answers a request: the same work in every service. `log` writes an event, `report` is told of an error. */
export function answers({ log, report, failing, kinds }) {
  return (req, res) => {
    const id = req.url.split('/')[2] ?? ''
    log.debug('answers_loaded', { assessment_id: id })
    log.info('assessment_scored', { assessment_id: id, score: 3 })
    if (failing > 0 && served % failing === 0) report(nextError(kinds), { assessment_id: id })
    served++
    const body = JSON.stringify({ assessment_id: id, score: 3, total: 4 })
    res.setHeader('content-type', 'application/json')
    res.setHeader('content-length', body.length)
    res.end(body)
  }
}

/** The requests of the load. */
export const requests = Array.from({ length: 1024 }, (_, index) =>
  [`GET /assessments/a_${index} HTTP/1.1`, 'host: 127.0.0.1', 'accept: application/json', '', ''].join(
    '\r\n',
  ),
)
