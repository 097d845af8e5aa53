import OpenAI from 'openai';
import type {
  ChatCompletion,
  ChatCompletionContentPart,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import {
  type Answer,
  createWarningFetch,
  PARAMETERS,
  type Piece,
  type Question,
  type SdkClient,
  type Turn,
} from '../question.ts';

/** OpenAI's SDK for chat completions. */
export const chatClient: SdkClient = {
  async ask(baseUrl, model, question, stream) {
    const { fetch, read } = createWarningFetch();
    const client = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: 'any', maxRetries: 0, fetch });
    const request = encode(model, question);
    if (!stream) return readAnswer(await client.chat.completions.create(request), null, read());
    // The helper overwrites members that it does not know, so reasoning is joined here.
    let reasoning = '';
    const running = client.chat.completions.stream({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    running.on('chunk', ({ choices }) => {
      const delta = choices[0]?.delta as { reasoning_content?: string } | undefined;
      reasoning += delta?.reasoning_content ?? '';
    });
    return readAnswer(await running.finalChatCompletion(), reasoning, read());
  },
};

function encode(model: string, question: Question): ChatCompletionCreateParamsNonStreaming {
  const { system, turns, tools, mustCall, schema, reasoning, maxTokens, stop, n } = question;
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      ...turns.flatMap(encodeTurn),
    ],
    ...(tools && {
      tools: tools.map((name) => ({
        type: 'function',
        function: { name, parameters: PARAMETERS },
      })),
    }),
    ...(mustCall && { tool_choice: 'required' }),
    ...(schema && {
      response_format: { type: 'json_schema', json_schema: { name: 'place', schema } },
    }),
    ...(reasoning && { reasoning_effort: reasoning === 'on' ? 'low' : 'none' }),
    ...(maxTokens && { max_completion_tokens: maxTokens }),
    ...(stop && { stop }),
    ...(n && { n }),
  };
}

function encodeTurn(turn: Turn): ChatCompletionMessageParam[] {
  if ('user' in turn) return [{ role: 'user', content: turn.user.map(encodePiece) }];
  if ('system' in turn) return [{ role: 'system', content: turn.system }];
  if ('results' in turn) {
    return turn.results.map(({ id, text }) => ({ role: 'tool', tool_call_id: id, content: text }));
  }
  const tool_calls = turn.calls.map(({ id, name, city }) => ({
    id,
    type: 'function' as const,
    function: { name, arguments: JSON.stringify({ city }) },
  }));
  return [{ role: 'assistant', content: turn.assistant, ...(tool_calls.length && { tool_calls }) }];
}

function encodePiece(piece: Piece): ChatCompletionContentPart {
  if (typeof piece === 'string') return { type: 'text', text: piece };
  if ('png' in piece) {
    return { type: 'image_url', image_url: { url: `data:image/png;base64,${piece.png}` } };
  }
  const file_data = `data:application/pdf;base64,${piece.pdf}`;
  return { type: 'file', file: { filename: 'page.pdf', file_data } };
}

function readAnswer(
  { choices, usage }: ChatCompletion,
  streamed: string | null,
  warnings: string | null,
): Answer {
  const [choice] = choices;
  const message = choice?.message as
    | (NonNullable<typeof choice>['message'] & { reasoning_content?: string })
    | undefined;
  return {
    text: message?.content ?? '',
    reasoning: streamed ?? message?.reasoning_content ?? '',
    refusal: message?.refusal ?? '',
    calls: (message?.tool_calls ?? []).flatMap((call) =>
      call.type === 'function'
        ? [{ id: call.id, name: call.function.name, args: JSON.parse(call.function.arguments) }]
        : [],
    ),
    finish: choice?.finish_reason ?? '',
    choices: choices.length,
    usage: {
      input: usage?.prompt_tokens ?? 0,
      output: usage?.completion_tokens ?? 0,
      cached: usage?.prompt_tokens_details?.cached_tokens ?? 0,
      reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
    },
    warnings,
  };
}
