// Run by Jest 30, where each test file has a realm of its own.
const { counter, getLogger, redact, setup } = require('telltale')

test('the CommonJS build works under Jest', async () => {
  const telltale = setup({ service: 'jest', log: { level: 'critical' }, lifecycle: { signals: false } })
  getLogger('jest').info('started', { at: new Date(0), list: [1, new Map([['a', 1]])] })
  counter('jest_total', { help: 'Counted under Jest.' }).inc()
  expect(redact({ password: 'x', name: 'ada' })).toEqual({ password: '[REDACTED]', name: 'ada' })
  await telltale.shutdown()
})
