import type { Asked } from './ask.ts';
import { pick, pickCount, pickList, pickText } from './ask.ts';

/** A question that every dialect can put. */
export interface Question {
  text: string;
  system?: string;
  stream?: boolean;
  reasoning?: boolean;
  maxTokens?: number;
  schema?: object;
  tools?: string[];
  /** `required`, `none`, or the name of a tool. */
  toolChoice?: string;
}

/** An answer in any dialect, read the same way. */
export interface Reading {
  text: string;
  reasoning: string;
  calls: { name: string; args: unknown }[];
  finish: string;
  usage: { input: number; cached: number; output: number; reasoning: number };
}

/** How a dialect puts the question, and how its plain answers and its streams are read. */
export interface DialectCase {
  name: string;
  path(stream: boolean): string;
  request(question: Question): object;
  readPlain(body: unknown): Reading;
  readStream(events: unknown[]): Reading;
  /** Where an error of a plain answer and one inside a stream stand. */
  errorMessage: string;
  streamErrorMessage: string;
}

const TOOL_SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 3 } },
  required: ['city'],
};

/** The arguments that every tool of these cases samples to. */
export const SAMPLED_ARGUMENTS = { city: 'city', days: 3 };

/** Reads either kind of answer. */
export function readAnswer(dialect: DialectCase, asked: Asked): Reading {
  const isPlain = asked.events.length === 0;
  return isPlain ? dialect.readPlain(asked.body) : dialect.readStream(asked.events);
}

function present(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function joinTexts(values: unknown[], path: string): string {
  return values.map((value) => pickText(value, path)).join('');
}

const chat: DialectCase = {
  name: 'openai-chat',
  path: () => '/v1/chat/completions',
  errorMessage: 'error.message',
  streamErrorMessage: 'error.message',
  request: ({ text, system, stream, reasoning, maxTokens, schema, tools, toolChoice }) =>
    present({
      model: 'm',
      messages: [
        ...(system === undefined ? [] : [{ role: 'system', content: system }]),
        { role: 'user', content: text },
      ],
      stream,
      stream_options: stream ? { include_usage: true } : undefined,
      reasoning_effort: reasoning ? 'low' : undefined,
      max_completion_tokens: maxTokens,
      response_format: schema && { type: 'json_schema', json_schema: { name: 's', schema } },
      tools: tools?.map((name) => ({
        type: 'function',
        function: { name, parameters: TOOL_SCHEMA },
      })),
      tool_choice: openAiChoice(toolChoice, (name) => ({ type: 'function', function: { name } })),
    }),
  readPlain: (body) => ({
    text: pickText(body, 'choices.0.message.content'),
    reasoning: pickText(body, 'choices.0.message.reasoning_content'),
    calls: pickList(body, 'choices.0.message.tool_calls').map((call) => ({
      name: pickText(call, 'function.name'),
      args: JSON.parse(pickText(call, 'function.arguments')),
    })),
    finish: pickText(body, 'choices.0.finish_reason'),
    usage: chatUsage(body),
  }),
  readStream(events) {
    const pieces = events.flatMap((event) => pickList(event, 'choices.0.delta.tool_calls'));
    const names = pieces.filter((piece) => pick(piece, 'id') !== undefined);
    return {
      text: joinTexts(events, 'choices.0.delta.content'),
      reasoning: joinTexts(events, 'choices.0.delta.reasoning_content'),
      calls: names.map((opening) => ({
        name: pickText(opening, 'function.name'),
        args: JSON.parse(
          joinTexts(
            pieces.filter((piece) => pick(piece, 'index') === pick(opening, 'index')),
            'function.arguments',
          ),
        ),
      })),
      finish: joinTexts(events, 'choices.0.finish_reason'),
      usage: chatUsage(events.at(-2)),
    };
  },
};

function openAiChoice(choice: string | undefined, named: (name: string) => object): unknown {
  return choice === undefined || choice === 'required' || choice === 'none'
    ? choice
    : named(choice);
}

function chatUsage(body: unknown): Reading['usage'] {
  return {
    input: pickCount(body, 'usage.prompt_tokens'),
    cached: pickCount(body, 'usage.prompt_tokens_details.cached_tokens'),
    output: pickCount(body, 'usage.completion_tokens'),
    reasoning: pickCount(body, 'usage.completion_tokens_details.reasoning_tokens'),
  };
}

const responses: DialectCase = {
  name: 'openai-responses',
  path: () => '/v1/responses',
  errorMessage: 'error.message',
  streamErrorMessage: 'message',
  request: ({ text, system, stream, reasoning, maxTokens, schema, tools, toolChoice }) =>
    present({
      model: 'm',
      instructions: system,
      input: text,
      stream,
      reasoning: reasoning ? { effort: 'low', summary: 'auto' } : undefined,
      max_output_tokens: maxTokens,
      text: schema && { format: { type: 'json_schema', name: 's', schema } },
      tools: tools?.map((name) => ({ type: 'function', name, parameters: TOOL_SCHEMA })),
      tool_choice: openAiChoice(toolChoice, (name) => ({ type: 'function', name })),
    }),
  readPlain: (body) => ({
    // Raw reasoning has content too, which is no answer.
    text: joinTexts(
      pickList(body, 'output').filter((item) => pick(item, 'type') === 'message'),
      'content.0.text',
    ),
    reasoning: joinTexts(pickList(body, 'output'), 'summary.0.text'),
    calls: callsOf(pickList(body, 'output')),
    finish: pickText(body, 'status'),
    usage: {
      input: pickCount(body, 'usage.input_tokens'),
      cached: pickCount(body, 'usage.input_tokens_details.cached_tokens'),
      output: pickCount(body, 'usage.output_tokens'),
      reasoning: pickCount(body, 'usage.output_tokens_details.reasoning_tokens'),
    },
  }),
  readStream(events) {
    const ofType = (type: string): unknown[] =>
      events.filter((event) => pick(event, 'type') === `response.${type}`);
    const done = ofType('output_item.done').map((event) => pick(event, 'item'));
    return {
      ...responses.readPlain(pick(events.at(-1), 'response')),
      text: joinTexts(ofType('output_text.delta'), 'delta'),
      reasoning: joinTexts(ofType('reasoning_summary_text.delta'), 'delta'),
      calls: callsOf(done),
    };
  },
};

function callsOf(items: unknown[]): Reading['calls'] {
  return items
    .filter((item) => pick(item, 'type') === 'function_call')
    .map((item) => ({
      name: pickText(item, 'name'),
      args: JSON.parse(pickText(item, 'arguments')),
    }));
}

const messages: DialectCase = {
  name: 'anthropic-messages',
  path: () => '/v1/messages',
  errorMessage: 'error.message',
  streamErrorMessage: 'error.message',
  request: ({ text, system, stream, reasoning, maxTokens, schema, tools, toolChoice }) =>
    present({
      model: 'm',
      max_tokens: maxTokens ?? 1_000_000,
      system,
      messages: [{ role: 'user', content: text }],
      stream,
      thinking: reasoning ? { type: 'adaptive' } : undefined,
      output_config: schema && { format: { type: 'json_schema', schema } },
      tools: tools?.map((name) => ({ name, input_schema: TOOL_SCHEMA })),
      tool_choice: anthropicChoice(toolChoice),
    }),
  readPlain(body) {
    const blocks = pickList(body, 'content');
    return {
      text: joinTexts(blocks, 'text'),
      reasoning: joinTexts(blocks, 'thinking'),
      calls: blocks
        .filter((block) => pick(block, 'type') === 'tool_use')
        .map((block) => ({ name: pickText(block, 'name'), args: pick(block, 'input') })),
      finish: pickText(body, 'stop_reason'),
      usage: messagesUsage(pick(body, 'usage')),
    };
  },
  readStream(events) {
    const starts = events.filter((event) => pick(event, 'content_block.type') === 'tool_use');
    return {
      text: joinTexts(events, 'delta.text'),
      reasoning: joinTexts(events, 'delta.thinking'),
      calls: starts.map((start) => ({
        name: pickText(start, 'content_block.name'),
        args: JSON.parse(
          joinTexts(
            events.filter((event) => pick(event, 'index') === pick(start, 'index')),
            'delta.partial_json',
          ),
        ),
      })),
      finish: joinTexts(events, 'delta.stop_reason'),
      usage: messagesUsage(pick(events.at(-2), 'usage')),
    };
  },
};

function anthropicChoice(choice: string | undefined): object | undefined {
  if (choice === undefined) return undefined;
  if (choice === 'required') return { type: 'any' };
  return choice === 'none' ? { type: 'none' } : { type: 'tool', name: choice };
}

function messagesUsage(usage: unknown): Reading['usage'] {
  const cached = pickCount(usage, 'cache_read_input_tokens');
  const written = pickCount(usage, 'cache_creation_input_tokens');
  return {
    input: pickCount(usage, 'input_tokens') + cached + written,
    cached,
    output: pickCount(usage, 'output_tokens'),
    reasoning: pickCount(usage, 'output_tokens_details.thinking_tokens'),
  };
}

const gemini: DialectCase = {
  name: 'google-generate-content',
  path: (stream) =>
    `/v1beta/models/m:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  errorMessage: 'error.message',
  streamErrorMessage: 'error.message',
  request: ({ text, system, reasoning, maxTokens, schema, tools, toolChoice }) =>
    present({
      systemInstruction: system === undefined ? undefined : { parts: [{ text: system }] },
      contents: [{ role: 'user', parts: [{ text }] }],
      generationConfig: present({
        thinkingConfig: reasoning ? { includeThoughts: true } : undefined,
        maxOutputTokens: maxTokens,
        responseMimeType: schema && 'application/json',
        responseJsonSchema: schema,
      }),
      tools: tools && [
        {
          functionDeclarations: tools.map((name) => ({ name, parametersJsonSchema: TOOL_SCHEMA })),
        },
      ],
      toolConfig: toolChoice && { functionCallingConfig: googleChoice(toolChoice) },
    }),
  readPlain: (body) => gemini.readStream([body]),
  readStream(events) {
    const parts = events.flatMap((event) => pickList(event, 'candidates.0.content.parts'));
    const usage = pick(events.at(-1), 'usageMetadata');
    const reasoning = pickCount(usage, 'thoughtsTokenCount');
    return {
      text: joinTexts(
        parts.filter((part) => pick(part, 'thought') === undefined),
        'text',
      ),
      reasoning: joinTexts(
        parts.filter((part) => pick(part, 'thought') === true),
        'text',
      ),
      calls: parts
        .map((part) => pick(part, 'functionCall'))
        .filter((call) => call !== undefined)
        .map((call) => ({ name: pickText(call, 'name'), args: pick(call, 'args') })),
      finish: joinTexts(events, 'candidates.0.finishReason'),
      usage: {
        input: pickCount(usage, 'promptTokenCount'),
        cached: pickCount(usage, 'cachedContentTokenCount'),
        output: pickCount(usage, 'candidatesTokenCount') + reasoning,
        reasoning,
      },
    };
  },
};

function googleChoice(choice: string): object {
  if (choice === 'none') return { mode: 'NONE' };
  return { mode: 'ANY', ...(choice === 'required' ? {} : { allowedFunctionNames: [choice] }) };
}

/** The four dialects. */
export const DIALECTS: DialectCase[] = [chat, responses, messages, gemini];
