/** The label names and values of one sample; an empty value counts as absent. */
export type Labels = Readonly<Record<string, string>>;

/** One figure of a family. Bigints keep every digit in the text. */
export interface Sample {
  /** What follows the family's name, such as `_bucket`. */
  suffix?: string;
  labels: Labels;
  value: number | bigint;
}

/** All samples of one metric, and what it tells. */
export interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  samples: readonly Sample[];
}
