import assert from 'node:assert/strict';
import {
  type Content,
  FunctionCallingConfigMode,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
  ThinkingLevel,
} from '@google/genai';
import { collect } from '../../../support/call-both-ways.ts';
import {
  type Answer,
  PARAMETERS,
  type Piece,
  type Question,
  type Result,
  type SdkClient,
  type Turn,
} from '../question.ts';

/** Google's SDK. */
export const geminiClient: SdkClient = {
  async ask(baseUrl, model, question, stream) {
    const httpOptions = { baseUrl, retryOptions: { attempts: 1 } };
    const { chats, models } = new GoogleGenAI({ apiKey: 'any', httpOptions });
    const contents = question.turns.map(encodeTurn);
    const config = encode(question);
    if (!stream) return readAnswer([await models.generateContent({ model, contents, config })]);
    const chat = chats.create({ model, config, history: contents.slice(0, -1) });
    const message = contents.at(-1)?.parts ?? [];
    const chunks = await collect(chat.sendMessageStream({ message }));
    // The helper forgets an answer whose last chunk has no parts.
    assert.ok(chat.getHistory(true).length > contents.length);
    return readAnswer(chunks);
  },
};

function encode(question: Question): GenerateContentConfig {
  const { system, tools, mustCall, schema, reasoning, maxTokens, stop, n } = question;
  return {
    ...(system && { systemInstruction: system }),
    ...(tools && {
      tools: [
        {
          functionDeclarations: tools.map((name) => ({ name, parametersJsonSchema: PARAMETERS })),
        },
      ],
    }),
    ...(mustCall && {
      toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
    }),
    ...(schema && { responseMimeType: 'application/json', responseJsonSchema: schema }),
    ...(reasoning === 'on' && {
      thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.LOW },
    }),
    ...(reasoning === 'off' && { thinkingConfig: { thinkingBudget: 0 } }),
    ...(maxTokens && { maxOutputTokens: maxTokens }),
    ...(stop && { stopSequences: stop }),
    ...(n && { candidateCount: n }),
  };
}

function encodeTurn(turn: Turn): Content {
  if ('user' in turn) return { role: 'user', parts: turn.user.map(encodePiece) };
  if ('system' in turn) throw new Error('Gemini has no instructions in mid-conversation.');
  if ('results' in turn) return { role: 'user', parts: turn.results.map(encodeResult) };
  const calls = turn.calls.map(({ id, name, city }) => ({
    functionCall: { id, name, args: { city } },
  }));
  return { role: 'model', parts: [{ text: turn.assistant }, ...calls] };
}

function encodeResult({ id, name, text, isError, png }: Result): Part {
  const response = isError ? { error: text } : { output: text };
  const parts =
    png === undefined ? undefined : [{ inlineData: { mimeType: 'image/png', data: png } }];
  return { functionResponse: { id, name, response, ...(parts && { parts }) } };
}

function encodePiece(piece: Piece): Part {
  if (typeof piece === 'string') return { text: piece };
  if ('png' in piece) return { inlineData: { mimeType: 'image/png', data: piece.png } };
  return { inlineData: { mimeType: 'application/pdf', data: piece.pdf, displayName: 'page.pdf' } };
}

function readAnswer(chunks: GenerateContentResponse[]): Answer {
  const parts = chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  const ends = chunks.flatMap(({ candidates }) => candidates ?? []);
  const last = ends.findLast(({ finishReason }) => finishReason !== undefined);
  const usage = chunks.findLast(({ usageMetadata }) => usageMetadata)?.usageMetadata;
  const reasoning = usage?.thoughtsTokenCount ?? 0;
  return {
    text: parts.map(({ text, thought }) => (thought ? '' : (text ?? ''))).join(''),
    reasoning: parts.map(({ text, thought }) => (thought ? (text ?? '') : '')).join(''),
    refusal: last?.finishMessage ?? '',
    calls: parts.flatMap(({ functionCall }) =>
      functionCall
        ? [{ id: functionCall.id ?? '', name: functionCall.name ?? '', args: functionCall.args }]
        : [],
    ),
    finish: last?.finishReason ?? '',
    choices: new Set(ends.map(({ index }) => index ?? 0)).size,
    usage: {
      input: usage?.promptTokenCount ?? 0,
      output: (usage?.candidatesTokenCount ?? 0) + reasoning,
      cached: usage?.cachedContentTokenCount ?? 0,
      reasoning,
    },
    warnings: chunks[0]?.sdkHttpResponse?.headers?.['x-signalbox-warnings'] ?? null,
  };
}
