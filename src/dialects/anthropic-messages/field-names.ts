import type { FieldNames } from '../losses.ts';

/** What the Messages API calls the fields that encoders name otherwise. */
export const fieldNames: FieldNames = {
  max_output_tokens: 'max_tokens',
  parallel_tool_calls: 'tool_choice.disable_parallel_tool_use',
  reasoning: 'thinking',
  reasoning_effort: 'output_config.effort',
  'reasoning.effort': 'output_config.effort',
  'reasoning.budget': 'thinking.budget_tokens',
  response_format: 'output_config.format',
  stop: 'stop_sequences',
};
