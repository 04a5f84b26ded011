/** A label takes any value of a kind (`String`, `Number`, `Boolean`) or one of the strings listed. */
export type LabelKind = StringConstructor | NumberConstructor | BooleanConstructor | readonly string[]

/** What a metric's labels are, by name, in the order in which they are written. */
export type Labels = Readonly<Record<string, LabelKind>>

/** The values a metric with the labels `L` takes. */
export type LabelValues<L extends Labels> = { readonly [Name in keyof L]: ValueOf<L[Name]> }

type ValueOf<K extends LabelKind> = K extends StringConstructor
  ? string
  : K extends NumberConstructor
    ? number
    : K extends BooleanConstructor
      ? boolean
      : K extends readonly (infer Value)[]
        ? Value
        : never

/** The label argument of a method: none where the metric has no labels. */
export type LabelArgs<L extends Labels> = [keyof L] extends [never] ? [] : [labels: LabelValues<L>]

/** Labels of these names that may be given before the others. */
export type FirstLabelArgs<L extends Labels, Name extends keyof L> = [keyof L] extends [never]
  ? []
  : [labels?: Pick<LabelValues<L>, Name>]

/** The label argument that follows: those not given before, and any of the others anew. */
export type LastLabelArgs<L extends Labels, Name extends keyof L> = [keyof L] extends [never]
  ? []
  : [Exclude<keyof L, Name>] extends [never]
    ? [labels?: Partial<LabelValues<L>>]
    : [labels: Omit<LabelValues<L>, Name> & Partial<Pick<LabelValues<L>, Name>>]

/** The labels of a metric defined without any. */
export type NoLabels = Readonly<Record<never, never>>
