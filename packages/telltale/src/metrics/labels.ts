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

/** The labels of a metric defined without any. */
export type NoLabels = Readonly<Record<never, never>>
