import type {
  CacheControl,
  ChatRequest,
  OutputControl,
  ReasoningControl,
} from '../ir/chat-request.ts';
import { textBlock } from '../ir/text-block.ts';
import {
  asBoolean,
  asNumber,
  asObject,
  asText,
  asTexts,
  isObject,
  type JsonObject,
} from '../json-object.ts';
import { familyOf } from '../model-caps.ts';
import { invalidField, requireText } from '../read-fields.ts';
import { asEffort } from '../reasoning-effort.ts';
import { decodeInput } from './decode-input.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { createFlatNames } from './flat-names.ts';
import { decodeHints, refuseState } from './native-fields.ts';
import { RESPONSES } from './read-wire.ts';
import { createToolList } from './tool-list.ts';
import { createTurnBuilder } from './turn-builder.ts';

/** Reads a request of the Responses API, or one to count its tokens. */
export function decodeRequest(body: JsonObject, { stream }: { stream: boolean }): ChatRequest {
  refuseState(body);
  const model = requireText(body['model'], 'model');
  const names = createFlatNames();
  const declared = createToolList(decodeTools(body['tools'], { path: 'tools', names }));
  const turns = createTurnBuilder(decodeInstructions(body['instructions']));
  decodeInput(body['input'], { turns, tools: declared, names, family: familyOf(model) });
  const tools = declared.list();
  return {
    model,
    ...turns.build(),
    tools,
    toolChoice: decodeToolChoice(body['tool_choice'], tools, names),
    parallelToolCalls: asBoolean(body['parallel_tool_calls']),
    reasoning: decodeReasoningControl(body['reasoning']),
    output: decodeOutput(body),
    sampling: {
      temperature: asNumber(body['temperature']),
      topP: asNumber(body['top_p']),
      topK: undefined,
      seed: undefined,
      presencePenalty: undefined,
      frequencyPenalty: undefined,
      logitBias: undefined,
    },
    stop: [],
    n: 1,
    logprobs: decodeLogprobs(body),
    cache: decodeCache(body),
    tier: asText(body['service_tier']),
    endUser: asText(body['safety_identifier']) ?? asText(body['user']),
    metadata: isObject(body['metadata']) ? asLabels(body['metadata']) : undefined,
    stream,
    includeUsage: true,
    extra: { [RESPONSES]: decodeHints(body) },
  };
}

function decodeInstructions(instructions: unknown): ReturnType<typeof textBlock>[] {
  if (instructions === undefined || instructions === null) return [];
  return [textBlock(requireText(instructions, 'instructions'))];
}

function decodeReasoningControl(reasoning: unknown): ReasoningControl | undefined {
  if (!isObject(reasoning)) return undefined;
  const { effort: word, summary, generate_summary } = reasoning;
  const effort = asEffort(word);
  if (effort === undefined && word !== undefined && word !== null) {
    throw invalidField('reasoning.effort', `unknown effort \`${String(word)}\``);
  }
  const expose = (summary ?? generate_summary) ? 'summary' : 'none';
  if (effort === 'none') return { mode: 'off', effort, budget: undefined, expose };
  const mode = effort === undefined ? 'auto' : 'effort';
  return { mode, effort, budget: undefined, expose };
}

function decodeOutput(body: JsonObject): OutputControl {
  const { format, verbosity } = asObject(body['text']);
  return {
    format: isObject(format) ? decodeFormat(format) : undefined,
    maxTokens: asNumber(body['max_output_tokens']),
    verbosity: asText(verbosity),
    modalities: undefined,
  };
}

function decodeFormat({ type, name, schema, strict, description }: JsonObject) {
  switch (type) {
    case 'text':
      return { type } as const;
    case 'json_object':
      return { type: 'json' } as const;
    case 'json_schema':
      if (!isObject(schema)) throw invalidField('text.format.schema', 'expected an object');
      return {
        type: 'schema' as const,
        name: asText(name),
        schema,
        strict: asBoolean(strict) ?? false,
        description: asText(description),
      };
    default:
      throw invalidField('text.format.type', `unknown format \`${String(type)}\``);
  }
}

/** Log probabilities are returned only if `include` names them, whatever `top_logprobs` says. */
function decodeLogprobs(body: JsonObject): { top: number } | undefined {
  const isIncluded = asTexts(body['include'])?.includes('message.output_text.logprobs');
  return isIncluded ? { top: asNumber(body['top_logprobs']) ?? 0 } : undefined;
}

function decodeCache(body: JsonObject): CacheControl {
  return {
    key: asText(body['prompt_cache_key']),
    ttl: asText(asObject(body['prompt_cache_options'])['ttl']),
    mark: undefined,
  };
}

function asLabels(metadata: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );
}
