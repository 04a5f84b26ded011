import { afterEach, expect, test } from 'vitest'
import { startReceiver, startService } from './processes.mjs'
import { services } from './services.mjs'

const running = []
afterEach(() => Promise.all(running.splice(0).map((child) => child.stop())))

test.each(['bare', 'opentelemetry', 'opentelemetry-pino'])(
  'the peer %s answers, and all it has to send has arrived once it is closed',
  async (name) => {
    const { receiver, port } = await startReceiver()
    const service = await startService(name, port, 1)
    running.push(receiver, service.child)
    const ask = () =>
      fetch(`http://127.0.0.1:${service.port}/assessments/a_7/retake`, { method: 'POST' }).then((res) =>
        res.json(),
      )
    expect(await ask()).toEqual({ assessment_id: 'a_7', score: 1, total: 4 })
    await ask()
    expect(await service.child.ask('close')).toEqual({ answered: 2 })
    const { spans = 0 } = services[name]
    expect(await receiver.ask('count')).toMatchObject({
      spans: 2 * spans,
      sizes: spans > 0 ? { [spans]: 2 } : {},
    })
  },
)
