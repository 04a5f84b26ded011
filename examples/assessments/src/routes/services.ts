import type { Pool } from 'pg'
import type { PaymentGateway } from '../payment-gateway.js'

/** What the routes work with. */
export interface Services {
  pool: Pool
  gateway: PaymentGateway
}
