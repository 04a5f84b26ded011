import type { Spot } from './layout.js'

/** Which data source a panel asks: the one chosen at the top of the dashboard. */
export const datasource = { type: 'prometheus', uid: '${datasource}' } as const

export interface Target {
  readonly expr: string
  /** `{{label}}` stands for a label's value. */
  readonly legend: string
  /** Asks for exemplars too: dots that lead to a trace. Only what reads a histogram has any. */
  readonly exemplar?: true
}

export interface Panel {
  /** What it asks of which metric; its id comes from it, so that links to a panel stay right when others come and go. */
  readonly key: string
  readonly title: string
  readonly description: string
  readonly type: 'timeseries' | 'stat'
  readonly unit: Unit
  readonly targets: readonly Target[]
  /** Where an alert is raised: drawn as a line. */
  readonly threshold?: number
  readonly stacked?: true
  /** What 0 and 1 mean. */
  readonly states?: { readonly 0: string; readonly 1: string }
  /** A stat that shows its legend, not its value. */
  readonly showsName?: true
}

/** Grafana's names of units. */
export type Unit = 'reqps' | 'ops' | 'percentunit' | 's' | 'bytes' | 'Bps' | 'celsius' | 'short'

export type GrafanaPanel = ReturnType<typeof drawPanel>

export function drawPanel(panel: Panel, id: number, gridPos: Spot) {
  const { type, title, description, unit, targets, showsName } = panel
  return {
    id,
    type,
    title,
    description,
    datasource,
    gridPos,
    fieldConfig: {
      defaults: {
        unit: showsName ? 'string' : unit,
        color: colour(panel),
        mappings: mappings(panel),
        thresholds: thresholds(panel),
        ...(type === 'timeseries' && { custom: lines(panel) }),
      },
      overrides: [],
    },
    options: type === 'timeseries' ? legend(panel) : number(panel),
    targets: targets.map(({ expr, legend, exemplar }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource,
      editorMode: 'code',
      expr,
      legendFormat: legend,
      range: true,
      instant: false,
      ...(exemplar && { exemplar }),
    })),
  }
}

function lines({ threshold, stacked }: Panel) {
  return {
    drawStyle: 'line',
    lineWidth: 1,
    fillOpacity: stacked ? 30 : 8,
    showPoints: 'never',
    spanNulls: false,
    axisSoftMin: 0,
    stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
    thresholdsStyle: { mode: threshold === undefined ? 'off' : 'line' },
  }
}

function legend({ targets }: Panel) {
  const isSingle = targets.length === 1 && !targets[0]?.legend.includes('{{')
  return {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: !isSingle, calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
  }
}

function number({ states, showsName, unit }: Panel) {
  return {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    colorMode: states === undefined ? 'value' : 'background',
    graphMode: states === undefined && !showsName && unit !== 'short' ? 'area' : 'none',
    textMode: showsName ? 'name' : 'auto',
    justifyMode: 'auto',
    orientation: 'auto',
    wideLayout: true,
    showPercentChange: false,
    percentChangeColorMode: 'standard',
  }
}

function colour({ type, threshold, states }: Panel) {
  if (type === 'timeseries') return { mode: 'palette-classic' }
  if (threshold !== undefined || states !== undefined) return { mode: 'thresholds' }
  return { mode: 'fixed', fixedColor: 'text' }
}

function mappings({ states }: Panel) {
  if (states === undefined) return []
  const options = {
    0: { text: states[0], color: 'red', index: 0 },
    1: { text: states[1], color: 'green', index: 1 },
  }
  return [{ type: 'value', options }]
}

function thresholds({ threshold }: Panel) {
  const base = { color: 'green', value: null }
  return {
    mode: 'absolute',
    steps: threshold === undefined ? [base] : [base, { color: 'red', value: threshold }],
  }
}
