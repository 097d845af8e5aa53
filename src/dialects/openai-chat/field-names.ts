import type { FieldNames } from '../losses.ts';

/** What chat completions call the fields that encoders name otherwise. */
export const fieldNames: FieldNames = {
  max_output_tokens: 'max_completion_tokens',
  reasoning: 'reasoning_effort',
  'reasoning.effort': 'reasoning_effort',
  'reasoning.budget': 'reasoning_effort',
};
