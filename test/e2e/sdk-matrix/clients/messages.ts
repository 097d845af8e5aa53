import Anthropic from '@anthropic-ai/sdk';
import type {
  ContentBlockParam,
  ImageBlockParam,
  Message,
  MessageCreateParamsNonStreaming,
  MessageParam,
  ToolResultBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import {
  type Answer,
  createWarningFetch,
  PARAMETERS,
  type Piece,
  type Question,
  type Result,
  type SdkClient,
  type Turn,
} from '../question.ts';

/** Anthropic's SDK. */
export const messagesClient: SdkClient = {
  async ask(baseURL, model, question, stream) {
    const { fetch, read } = createWarningFetch();
    const client = new Anthropic({ baseURL, apiKey: 'any', maxRetries: 0, fetch });
    const request = encode(model, question);
    const message = stream
      ? await client.messages.stream(request).finalMessage()
      : await client.messages.create(request);
    return readAnswer(message, read());
  },
};

function encode(model: string, question: Question): MessageCreateParamsNonStreaming {
  const {
    system,
    isCached,
    turns,
    tools,
    mustCall,
    schema,
    reasoning,
    maxTokens = 2_000,
    stop,
  } = question;
  const cache_control = { type: 'ephemeral' as const };
  return {
    model,
    max_tokens: maxTokens,
    messages: turns.map(encodeTurn),
    ...(system && {
      system: [{ type: 'text', text: system, ...(isCached && { cache_control }) }],
    }),
    ...(tools && { tools: tools.map((name) => ({ name, input_schema: PARAMETERS })) }),
    ...(mustCall && { tool_choice: { type: 'any' } }),
    ...(schema && { output_config: { format: { type: 'json_schema', schema } } }),
    ...(reasoning === 'on' && {
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'low' },
    }),
    ...(reasoning === 'off' && { thinking: { type: 'disabled' } }),
    ...(stop && { stop_sequences: stop }),
  };
}

function encodeTurn(turn: Turn): MessageParam {
  if ('user' in turn) return { role: 'user', content: turn.user.map(encodePiece) };
  if ('system' in turn) return { role: 'system', content: turn.system };
  if ('results' in turn) return { role: 'user', content: turn.results.map(encodeResult) };
  const calls = turn.calls.map(({ id, name, city }) => ({
    type: 'tool_use' as const,
    id,
    name,
    input: { city },
  }));
  return { role: 'assistant', content: [{ type: 'text', text: turn.assistant }, ...calls] };
}

function encodeResult({ id, text, isError, png }: Result): ToolResultBlockParam {
  return {
    type: 'tool_result',
    tool_use_id: id,
    content: [{ type: 'text', text }, ...(png === undefined ? [] : [encodePng(png)])],
    ...(isError && { is_error: true }),
  };
}

function encodePiece(piece: Piece): ContentBlockParam {
  if (typeof piece === 'string') return { type: 'text', text: piece };
  if ('png' in piece) return encodePng(piece.png);
  const source = { type: 'base64', media_type: 'application/pdf', data: piece.pdf } as const;
  return { type: 'document', source, title: 'page.pdf' };
}

function encodePng(data: string): ImageBlockParam {
  return { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
}

function readAnswer(message: Message, warnings: string | null): Answer {
  const { content, usage, stop_reason, stop_details } = message;
  return {
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    reasoning: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    refusal: (stop_details?.type === 'refusal' && stop_details.explanation) || '',
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, args: block.input }] : [],
    ),
    finish: stop_reason ?? '',
    choices: 1,
    usage: {
      input:
        usage.input_tokens +
        (usage.cache_creation_input_tokens ?? 0) +
        (usage.cache_read_input_tokens ?? 0),
      output: usage.output_tokens,
      cached: usage.cache_read_input_tokens ?? 0,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
    },
    warnings,
  };
}
