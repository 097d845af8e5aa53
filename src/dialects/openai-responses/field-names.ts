import type { FieldNames } from '../losses.ts';

/** What the Responses API calls the fields that encoders name otherwise. */
export const fieldNames: FieldNames = {
  max_tokens: 'max_output_tokens',
  messages: 'input',
  reasoning_effort: 'reasoning.effort',
  response_format: 'text.format',
  verbosity: 'text.verbosity',
};
