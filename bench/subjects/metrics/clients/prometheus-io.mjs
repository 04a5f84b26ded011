import prom from '@prometheus-io/client'
import { openProm } from './prometheus.mjs'

export const open = () => openProm(prom)
