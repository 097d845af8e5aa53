import { createTokenUsage, type TokenUsage } from '../../core/token-usage.ts';
import { countTokens, tokensOfBytes } from '../count-tokens.ts';
import { type Frame, frame, outputFrame, pieces, sse } from '../frame.ts';
import { asText } from '../json-object.ts';
import { readOverrides } from '../overrides.ts';
import { encodeError, SimulatorError } from '../simulator-error.ts';
import { EVENT_STREAM } from './answer-prompt.ts';
import {
  type Call,
  type PreparedCall,
  type StreamReply,
  type WholeReply,
  wholeJson,
} from './handler.ts';
import { requireText } from './require-field.ts';
import { secondsOfAudio } from './wave-audio.ts';

/** A rate that is easy to check. */
const AUDIO_TOKENS_PER_SECOND = 10;

/** What was heard, and what hearing it costs. */
interface Transcript {
  text: string;
  seconds: number;
  usage: TokenUsage;
}

/**
 * `POST /audio/transcriptions` and `/translations`. Whisper is billed by the second, other models by
 * the token: https://platform.openai.com/docs/api-reference/audio/createTranscription
 */
export function answerTranscription(call: Call): PreparedCall {
  const { body, files } = call;
  const model = requireText(body, 'model');
  const file = files.find(({ field }) => field === 'file');
  if (!file) throw new SimulatorError(400, "Missing required parameter: 'file'.", 'file');
  const overrides = readOverrides(asText(body['prompt']), call.headers);
  const isTimed = model.startsWith('whisper');
  return {
    model,
    overrides,
    reply() {
      const text = overrides.reply ?? call.reply ?? `Transcript of ${file.name}.`;
      const seconds = secondsOfAudio(file.bytes);
      const usage = isTimed
        ? countSeconds(seconds)
        : countTranscript(body['prompt'], seconds, text);
      const transcript = { text, seconds, usage };
      if (body['stream'] === 'true' && !isTimed) return streamTranscript(transcript);
      return encodeTranscript(asText(body['response_format']), transcript);
    },
  };
}

function countSeconds(seconds: number): TokenUsage {
  return { ...createTokenUsage(), units: { audioMs: seconds * 1000 } };
}

function countTranscript(prompt: unknown, seconds: number, text: string): TokenUsage {
  const usage = createTokenUsage();
  usage.tokens.inText = countTokens(asText(prompt));
  usage.tokens.inAudio = AUDIO_TOKENS_PER_SECOND * seconds;
  usage.tokens.outText = countTokens(text);
  return usage;
}

function encodeUsage({ tokens, units }: TokenUsage): object {
  if (units.audioMs !== undefined) return { type: 'duration', seconds: units.audioMs / 1000 };
  const input = tokens.inText + tokens.inAudio;
  return {
    type: 'tokens',
    input_tokens: input,
    input_token_details: { text_tokens: tokens.inText, audio_tokens: tokens.inAudio },
    output_tokens: tokens.outText,
    total_tokens: input + tokens.outText,
  };
}

/** The whole recording is one caption in the formats that have captions. */
function encodeTranscript(format: string, { text, seconds, usage }: Transcript): WholeReply {
  const reported = encodeUsage(usage);
  const clock = `00:00:${String(seconds % 60).padStart(2, '0')}`;
  const plain = (body: string): WholeReply => {
    return { kind: 'whole', contentType: 'text/plain; charset=utf-8', body, usage };
  };
  switch (format) {
    case 'text':
      return plain(`${text}\n`);
    case 'srt':
      return plain(`1\n00:00:00,000 --> ${clock},000\n${text}\n\n`);
    case 'vtt':
      return plain(`WEBVTT\n\n00:00:00.000 --> ${clock}.000\n${text}\n\n`);
    case 'verbose_json': {
      const facts = { task: 'transcribe', language: 'english', duration: seconds, segments: [] };
      return wholeJson({ ...facts, text, usage: reported }, usage);
    }
    default:
      return wholeJson({ text, usage: reported }, usage);
  }
}

function streamTranscript(transcript: Transcript): StreamReply {
  const { text, usage } = transcript;
  return {
    kind: 'stream',
    contentType: EVENT_STREAM,
    frames: writeEvents(transcript),
    contentBytes: Buffer.byteLength(text),
    usageOf: ({ output }) => ({
      ...usage,
      tokens: { ...usage.tokens, outText: tokensOfBytes(output) },
    }),
    errorWire: (error, requestId) => sse(encodeError('openai', error, requestId), 'error'),
  };
}

function* writeEvents({ text, usage }: Transcript): Generator<Frame> {
  for (const delta of pieces(text)) {
    yield outputFrame(sse({ type: 'transcript.text.delta', delta }), delta);
  }
  yield frame(sse({ type: 'transcript.text.done', text, usage: encodeUsage(usage) }));
}
