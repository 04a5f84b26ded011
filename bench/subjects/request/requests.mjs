export const secretToken = 'tok_bench_5f0c2a77d91b'

export const body = (index) =>
  JSON.stringify({
    user_id: `u_${index % 1024}`,
    question_id: `q_${index % 40}`,
    skill_area: ['math', 'reading', 'science', 'writing'][index % 4],
    answer: 'ABCD'[index % 4],
    client: { app: 'web/5.2.0', locale: 'en-GB', token: secretToken },
  })

/** The requests of the load: 1,024 different ones, as a browser behind a proxy sends them, without a request id. */
export const requests = Array.from({ length: 1024 }, (_, index) => {
  const json = body(index)
  return [
    `POST /assessments/a_${index}/answers HTTP/1.1`,
    'host: 127.0.0.1',
    'user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'accept: application/json',
    'authorization: Bearer bench-not-a-real-token',
    'content-type: application/json',
    `content-length: ${json.length}`,
    '',
    json,
  ].join('\r\n')
})
