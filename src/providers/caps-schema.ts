import * as z from 'zod';
import type { ModelCaps } from '../dialects/model-caps.ts';
import { EFFORTS } from '../dialects/reasoning-effort.ts';

/** Capabilities that the config sets; the others follow from the model's name. */
export type CapsSettings = Partial<ModelCaps>;

const flag = (text: string) => z.boolean().describe(text);
const tokens = z.int().min(0);

/** The `caps` block of a provider, a model or an endpoint. */
export const capsSchema = z
  .strictObject({
    stream_usage: flag('Streams may be asked for usage with stream_options.include_usage.'),
    developer_role: flag('The developer role is known.'),
    mid_system: flag('Instructions may stand in the middle of a conversation.'),
    system_only_first: flag('Instructions may stand only first.'),
    sampling: flag('temperature, top_p, top_k and penalties are accepted.'),
    reasoning: flag('The model can be told how much to think.'),
    thinking: z
      .array(z.enum(['enabled', 'adaptive', 'disabled']))
      .describe('Forms of `thinking` that an Anthropic model accepts.'),
    efforts: z.array(z.enum(EFFORTS)).describe('Effort words that are accepted, weakest first.'),
    reasoning_summary: flag('A summary of the reasoning may be asked for.'),
    thinking_control: z.enum(['level', 'budget']).describe('How a Gemini model is told to think.'),
    min_budget: tokens.describe('Smallest thinking budget.'),
    max_budget: tokens.describe('Largest thinking budget.'),
    prefill: flag('The last turn may be the assistant’s, to be continued.'),
    structured_outputs: flag('Answers can be held to a JSON Schema.'),
    forced_tool_choice: flag('The model can be made to call a tool (Anthropic).'),
    schema_with_tools: flag('A JSON Schema and tools may stand in one request.'),
    legacy_max_tokens: flag('max_tokens in place of max_completion_tokens.'),
    openai_hints: flag('safety_identifier, prompt_cache_key, service_tier, verbosity are known.'),
    custom_tools: flag('Tools of type custom are known.'),
    max_output_tokens: tokens.describe('The longest answer.'),
    input: z
      .array(z.enum(['image', 'audio', 'video', 'document']))
      .describe('What the model takes beside text.'),
    multimodal_tool_result: flag('Media may stand inside a tool result.'),
    tool_call_ids: flag('Calls and results carry ids (Gemini).'),
    json_schema_tools: flag('parametersJsonSchema is known (Gemini).'),
    media_resolution: flag('A part may say how closely it is looked at (Gemini 3).'),
    require_thought_signature: flag('Calls must come back signed (Gemini 3).'),
    reasoning_content_input: flag('Reasoning must be sent back as reasoning_content.'),
    prompt_cache: z.enum(['explicit', 'none']).describe('Whether cache breakpoints are accepted.'),
    stop_sequences: flag('Stop strings are accepted; otherwise they are emulated.'),
    web_search: flag('The provider can search the web.'),
    code_execution: flag('The provider can run code.'),
  } satisfies Record<keyof ModelCaps, z.ZodType>)
  .partial()
  // `exactOptionalPropertyTypes`: an absent key is absent, never undefined.
  .transform(
    (caps) =>
      Object.fromEntries(
        Object.entries(caps).filter(([, value]) => value !== undefined),
      ) as CapsSettings,
  )
  .describe('What the upstream can do, where it differs from what is known of the model.');
