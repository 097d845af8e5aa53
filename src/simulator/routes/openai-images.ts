import { createTokenUsage, type TokenUsage, totalInput } from '../../core/token-usage.ts';
import { countTokens } from '../count-tokens.ts';
import { outputFrame, sse } from '../frame.ts';
import { asList, asNumber, asText } from '../json-object.ts';
import { readOverrides } from '../overrides.ts';
import { encodeError } from '../simulator-error.ts';
import { EVENT_STREAM } from './answer-prompt.ts';
import {
  type Call,
  CREATED_SECONDS,
  type PreparedCall,
  type StreamReply,
  wholeJson,
} from './handler.ts';
import { requireText } from './require-field.ts';

/** One transparent pixel. */
const PNG_BASE64 =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Near the cost of a small picture: https://platform.openai.com/docs/guides/image-generation */
const TOKENS_PER_IMAGE_READ = 200;
const TOKENS_PER_IMAGE_MADE = 272;
const MAX_IMAGES = 10;

/**
 * `POST /images/generations`, `/edits` and `/variations`, with the usage of gpt-image:
 * https://platform.openai.com/docs/api-reference/images
 */
export function answerImages(call: Call): PreparedCall {
  const { body, operation } = call;
  const prompt =
    operation === 'image_variations' ? asText(body['prompt']) : requireText(body, 'prompt');
  const isStream = `${body['stream']}` === 'true';
  const made = isStream ? 1 : Math.min(Math.max(1, asNumber(body['n']) ?? 1), MAX_IMAGES);
  return {
    model: asText(body['model']) || 'gpt-image-1',
    overrides: readOverrides(prompt, call.headers),
    reply() {
      const usage = countUsage(call, prompt, made);
      if (isStream) return streamImage(call, usage);
      const data = Array.from({ length: made }, () => ({ b64_json: PNG_BASE64 }));
      return wholeJson(
        { created: CREATED_SECONDS, ...PICTURE, data, usage: encodeUsage(usage) },
        usage,
      );
    },
  };
}

/** What the answer says of each picture. */
const PICTURE = {
  background: 'transparent',
  output_format: 'png',
  quality: 'low',
  size: '1024x1024',
};

function countUsage(call: Call, prompt: string, made: number): TokenUsage {
  const usage = createTokenUsage();
  const read = call.files.length + asList(call.body['images']).length;
  usage.tokens.inText = countTokens(prompt);
  usage.tokens.inImage = TOKENS_PER_IMAGE_READ * read;
  usage.tokens.outImage = TOKENS_PER_IMAGE_MADE * made;
  return usage;
}

/** A stream without partial images: the finished one is its only event. */
function streamImage(call: Call, usage: TokenUsage): StreamReply {
  const kind = call.operation === 'image_generations' ? 'image_generation' : 'image_edit';
  const completed = {
    type: `${kind}.completed`,
    created_at: CREATED_SECONDS,
    ...PICTURE,
    b64_json: PNG_BASE64,
    usage: encodeUsage(usage),
  };
  return {
    kind: 'stream',
    contentType: EVENT_STREAM,
    frames: [outputFrame(sse(completed, completed.type), PNG_BASE64)],
    contentBytes: PNG_BASE64.length,
    usageOf: () => usage,
    errorWire: (error, requestId) => sse(encodeError('openai', error, requestId), 'error'),
  };
}

function encodeUsage({ tokens }: TokenUsage): object {
  const input = totalInput(tokens);
  return {
    input_tokens: input,
    input_tokens_details: { text_tokens: tokens.inText, image_tokens: tokens.inImage },
    output_tokens: tokens.outImage,
    output_tokens_details: { text_tokens: 0, image_tokens: tokens.outImage },
    total_tokens: input + tokens.outImage,
  };
}
