import { readHeader } from '../core/client-headers.ts';
import type { UnitKind } from '../core/token-usage.ts';
import { isObject } from '../dialects/json-object.ts';
import { type Operation, operationFacts } from '../dialects/operation.ts';
import { findMultipartFields, multipartBoundary } from '../dialects/splice-multipart.ts';
import type { Call } from './call.ts';
import { type CallRequest, readField } from './read-request.ts';
import {
  GOOGLE_CONFIGS,
  hasOutputLimit,
  numberOf,
  type RequestSize,
  wholeCount,
} from './request-size.ts';

/** The most that a call can come to, as far as its request tells. */
export interface WorstSize {
  inputTokens: number;
  outputTokens: number;
  units?: Partial<Record<UnitKind, number>>;
}

/** Tokens of the largest image that is made or read: 1024 by 1536 at high quality. */
// https://platform.openai.com/docs/guides/image-generation#cost-and-latency
const IMAGE_TOKENS = 6_300;

/** The most audio tokens that a character of spoken text becomes; an English text was measured at 1.3. */
// https://github.com/sanand0/blog/blob/main/posts/2025/openai-tts-cost.md
const TOKENS_PER_CHARACTER = 2;

/** Recordings below this quality, 16 kbit/s, are rare. */
const AUDIO_BYTES_PER_MS = 2;

/** https://platform.openai.com/docs/guides/realtime-costs: a token for each 100 ms of input. */
const AUDIO_MS_PER_TOKEN = 100;

/** Fast speech is below three words in a second. */
const AUDIO_MS_PER_WORD_TOKEN = 250;

/** What an answer with so many tokens at most can come to; `mostOutput` is for each choice of several. */
export function measureWorst(
  { headers, operation }: Call,
  request: CallRequest,
  { size, mostOutput }: { size: RequestSize; mostOutput: number },
): WorstSize {
  const { inputTokens } = size;
  if (!operationFacts(operation).billed) return { inputTokens: 0, outputTokens: 0 };
  if (hasOutputLimit(operation)) {
    return { inputTokens, outputTokens: wholeCount(mostOutput * readChoices(request, operation)) };
  }
  switch (operationFacts(operation).format) {
    case 'openai-images':
      return worstImages(request, inputTokens);
    case 'openai-audio':
      if (operation === 'speech') return worstSpeech(request, inputTokens);
      return worstTranscript(Number(readHeader(headers, 'content-length') ?? request.body.length));
    default:
      return { inputTokens, outputTokens: 0 };
  }
}

/** How many answers a request asks for at once; each has the whole limit. */
export function readChoices(request: CallRequest, operation: Operation): number {
  switch (operation) {
    case 'chat':
      return positive(readField(request, 'n'));
    case 'completions': {
      const perPrompt = Math.max(
        positive(readField(request, 'n')),
        positive(readField(request, 'best_of')),
      );
      return perPrompt * countPrompts(readField(request, 'prompt'));
    }
    case 'generate_content':
    case 'stream_generate_content':
      return Math.max(...GOOGLE_CONFIGS.map((name) => countCandidates(readField(request, name))));
    default:
      return 1;
  }
}

function countCandidates(config: unknown): number {
  if (!isObject(config)) return 1;
  return Math.max(positive(config['candidateCount']), positive(config['candidate_count']));
}

/** A list of texts gets an answer each; a list of numbers is one text in tokens. */
function countPrompts(prompt: unknown): number {
  return Array.isArray(prompt) && typeof prompt[0] !== 'number' ? Math.max(1, prompt.length) : 1;
}

function worstImages(request: CallRequest, textTokens: number): WorstSize {
  const images = countImages(request);
  // What is edited is read first.
  const inputTokens = textTokens + (request.json === null ? IMAGE_TOKENS : 0);
  const outputTokens = wholeCount(images * IMAGE_TOKENS);
  return { inputTokens, outputTokens, units: { image: images } };
}

/** Images that a request asks for, as JSON or as a form. */
export function countImages(request: CallRequest): number {
  return request.json === null ? readFormCount(request) : positive(readField(request, 'n'));
}

function readFormCount({ body, contentType }: CallRequest): number {
  const boundary = multipartBoundary(contentType) ?? '';
  const field = findMultipartFields(body, boundary, 'n').at(-1);
  return positive(field && body.toString('latin1', field.start, field.end));
}

function worstSpeech(request: CallRequest, inputTokens: number): WorstSize {
  const characters = countCharacters(request);
  return {
    inputTokens,
    outputTokens: characters * TOKENS_PER_CHARACTER,
    units: { character: characters },
  };
}

/** Characters of a text to be spoken, by which speech is priced and which only the request tells. */
export function countCharacters(request: CallRequest): number {
  const input = readField(request, 'input');
  return typeof input === 'string' ? [...input].length : 0;
}

function worstTranscript(bytes: number): WorstSize {
  const audioMs = Math.ceil(bytes / AUDIO_BYTES_PER_MS);
  return {
    inputTokens: Math.ceil(audioMs / AUDIO_MS_PER_TOKEN),
    outputTokens: Math.ceil(audioMs / AUDIO_MS_PER_WORD_TOKEN),
    units: { audioMs },
  };
}

function positive(value: unknown): number {
  const number = numberOf(value);
  return number >= 1 ? wholeCount(number) : 1;
}
