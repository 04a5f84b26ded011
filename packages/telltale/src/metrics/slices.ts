export { Slices } from '../state/slices.js'
