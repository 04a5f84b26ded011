export const route = '/assessments/:id/retake'
export const flowName = 'retake'
export const steps = ['load_answers', 'score_answers', 'store_result']
export const statement = 'SELECT question_id, answer FROM answers WHERE assessment_id = $1'

/** What stands for a database: it answers in a microtask, so that what is around a query is what is measured. */
export const database = {
  async query(_text, [id]) {
    return {
      rowCount: 4,
      rows: ['A', 'B', 'C', 'D'].map((answer, index) => ({ question_id: `${id}_q_${index}`, answer })),
    }
  },
}

let served = 0
/** The requests that were answered so far. */
export const answered = () => served

/**
 * Answers one retake: the same work in every service, in one flow of three steps, the first of which has a query.
 * `named(route)` names the request, `flow(name, fields, fn)` gives `fn` its `step(name, fn)`, `query(text, values)` asks
 * the database: how each of them is traced is the service's own.
 */
export function retake({ named, flow, query }) {
  return async (req, res) => {
    named(route)
    const id = req.url.split('/')[2]
    const result = await flow(flowName, { assessment_id: id, user_id: `u_${id}` }, async (step) => {
      const { rows } = await step(steps[0], () => query(statement, [id]))
      const score = await step(steps[1], async () => rows.filter(({ answer }) => answer === 'B').length)
      return step(steps[2], async () => ({ assessment_id: id, score, total: rows.length }))
    })
    served++
    const body = JSON.stringify(result)
    res.setHeader('content-type', 'application/json')
    res.setHeader('content-length', body.length)
    res.end(body)
  }
}

/** The requests of the load: 1,024 different ones, none of which belongs to a trace. */
export const requests = Array.from({ length: 1024 }, (_, index) =>
  [
    `POST /assessments/a_${index}/retake HTTP/1.1`,
    'host: 127.0.0.1',
    'user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'accept: application/json',
    'content-length: 0',
    '',
    '',
  ].join('\r\n'),
)
