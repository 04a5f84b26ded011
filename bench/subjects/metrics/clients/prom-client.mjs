import prom from 'prom-client'
import { openProm } from './prometheus.mjs'

export const open = () => openProm(prom)
