import OpenAI from 'openai';
import type {
  Response as OpenAiResponse,
  ResponseCreateParamsNonStreaming,
  ResponseFunctionCallOutputItem,
  ResponseInputContent,
  ResponseInputItem,
} from 'openai/resources/responses/responses';
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

/** OpenAI's SDK for responses. */
export const responsesClient: SdkClient = {
  async ask(baseUrl, model, question, stream) {
    const { fetch, read } = createWarningFetch();
    const client = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: 'any', maxRetries: 0, fetch });
    const request = encode(model, question);
    const response = stream
      ? await client.responses.stream({ ...request, stream: true }).finalResponse()
      : await client.responses.create(request);
    return readAnswer(response, read());
  },
};

function encode(model: string, question: Question): ResponseCreateParamsNonStreaming {
  const { system, turns, tools, mustCall, schema, reasoning, maxTokens } = question;
  return {
    model,
    input: turns.flatMap(encodeTurn),
    store: false,
    ...(system && { instructions: system }),
    ...(tools && {
      tools: tools.map((name) => ({
        type: 'function',
        name,
        parameters: PARAMETERS,
        strict: false,
      })),
    }),
    ...(mustCall && { tool_choice: 'required' }),
    ...(schema && { text: { format: { type: 'json_schema', name: 'place', schema } } }),
    ...(reasoning && {
      reasoning: reasoning === 'on' ? { effort: 'low', summary: 'auto' } : { effort: 'none' },
    }),
    ...(maxTokens && { max_output_tokens: maxTokens }),
  };
}

function encodeTurn(turn: Turn): ResponseInputItem[] {
  if ('user' in turn) return [{ role: 'user', content: turn.user.map(encodePiece) }];
  if ('system' in turn) return [{ role: 'developer', content: turn.system }];
  if ('results' in turn) return turn.results.map(encodeResult);
  return [
    { role: 'assistant', content: turn.assistant },
    ...turn.calls.map(({ id, name, city }) => ({
      type: 'function_call' as const,
      call_id: id,
      name,
      arguments: JSON.stringify({ city }),
    })),
  ];
}

function encodeResult({ id, text, png }: Result): ResponseInputItem {
  const parts: ResponseFunctionCallOutputItem[] = [{ type: 'input_text', text }];
  if (png !== undefined) {
    parts.push({ type: 'input_image', image_url: `data:image/png;base64,${png}`, detail: 'auto' });
  }
  const output = png === undefined ? text : parts;
  return { type: 'function_call_output', call_id: id, output };
}

function encodePiece(piece: Piece): ResponseInputContent {
  if (typeof piece === 'string') return { type: 'input_text', text: piece };
  if ('png' in piece) {
    const image_url = `data:image/png;base64,${piece.png}`;
    return { type: 'input_image', image_url, detail: 'auto' };
  }
  const file_data = `data:application/pdf;base64,${piece.pdf}`;
  return { type: 'input_file', filename: 'page.pdf', file_data };
}

function readAnswer(response: OpenAiResponse, warnings: string | null): Answer {
  const { output, usage, status, incomplete_details } = response;
  const parts = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  return {
    text: response.output_text,
    // What is thought comes as a summary, or as it was where a provider shows that.
    reasoning: output
      .flatMap((item) =>
        item.type === 'reasoning' ? [...item.summary, ...(item.content ?? [])] : [],
      )
      .map(({ text }) => text)
      .join(''),
    refusal: parts.map((part) => (part.type === 'refusal' ? part.refusal : '')).join(''),
    calls: output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ id: item.call_id, name: item.name, args: JSON.parse(item.arguments) }]
        : [],
    ),
    finish: incomplete_details?.reason ?? status ?? '',
    choices: 1,
    usage: {
      input: usage?.input_tokens ?? 0,
      output: usage?.output_tokens ?? 0,
      cached: usage?.input_tokens_details.cached_tokens ?? 0,
      reasoning: usage?.output_tokens_details.reasoning_tokens ?? 0,
    },
    warnings,
  };
}
