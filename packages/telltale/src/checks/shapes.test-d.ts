import { Cluster, Redis } from 'ioredis'
import pg from 'pg'
import { createClient } from 'redis'
import { expectTypeOf } from 'vitest'
import { observePg } from '../adapters/pg.js'
import type { CheckFunction } from '../health/options.js'
import { checkDisk, checkEventLoop, checkHttp, checkMemory, checkPg, checkRedis } from './index.js'

expectTypeOf(checkPg(new pg.Pool())).toEqualTypeOf<CheckFunction>()
expectTypeOf(checkPg(observePg(new pg.Pool()))).toEqualTypeOf<CheckFunction>()
expectTypeOf(checkPg(new pg.Client())).toEqualTypeOf<CheckFunction>()
// @ts-expect-error: neither a pool nor a client
checkPg({ totalCount: 1 })

expectTypeOf(checkRedis(createClient())).toEqualTypeOf<CheckFunction>()
expectTypeOf(checkRedis(createClient({ RESP: 2 }))).toEqualTypeOf<CheckFunction>()
expectTypeOf(checkRedis(new Redis())).toEqualTypeOf<CheckFunction>()
expectTypeOf(checkRedis(new Cluster([]))).toEqualTypeOf<CheckFunction>()
// @ts-expect-error: no client
checkRedis({ get: () => 1 })

checkHttp(new URL('http://host'), { status: 200, headers: { a: 'b' } })
checkHttp('http://host', { status: [200, 204] as const })
// @ts-expect-error: a status is a number
checkHttp('http://host', { status: '200' })
checkDisk('/', { minFreeBytes: 1, minFreeShare: 0.1 })
// @ts-expect-error: no such option
checkDisk('/', { minFree: 1 })
checkEventLoop({ maxDelayMs: 5 })
checkMemory({ maxShare: 0.5 })
