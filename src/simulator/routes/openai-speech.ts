import { createTokenUsage, type TokenUsage } from '../../core/token-usage.ts';
import { countTokens } from '../count-tokens.ts';
import { type Frame, frame, outputFrame, sse } from '../frame.ts';
import { readOverrides } from '../overrides.ts';
import { encodeError } from '../simulator-error.ts';
import { EVENT_STREAM } from './answer-prompt.ts';
import type { Call, PreparedCall, StreamReply } from './handler.ts';
import { requireText } from './require-field.ts';
import { makeSilence } from './wave-audio.ts';

/** What the silence is billed as. */
const AUDIO_TOKENS = 10;

/**
 * `POST /audio/speech`: a short silence, billed by the character; as events (`stream_format: sse`)
 * billed by the token: https://platform.openai.com/docs/api-reference/audio/createSpeech
 */
export function answerSpeech(call: Call): PreparedCall {
  const model = requireText(call.body, 'model');
  const input = requireText(call.body, 'input');
  const audio = makeSilence();
  return {
    model,
    overrides: readOverrides(input, call.headers),
    reply() {
      const usage = createTokenUsage();
      if (call.body['stream_format'] === 'sse') return streamSpeech(audio, input);
      usage.units.character = [...input].length;
      return { kind: 'whole', contentType: 'audio/wav', body: audio, usage };
    },
  };
}

function streamSpeech(audio: Buffer, input: string): StreamReply {
  const usage = createTokenUsage();
  usage.tokens.inText = countTokens(input);
  usage.tokens.outAudio = AUDIO_TOKENS;
  const content = audio.toString('base64');
  return {
    kind: 'stream',
    contentType: EVENT_STREAM,
    frames: writeEvents(content, usage),
    contentBytes: content.length,
    usageOf: () => usage,
    errorWire: (error, requestId) => sse(encodeError('openai', error, requestId), 'error'),
  };
}

/** The audio in one event, then what it cost. */
function* writeEvents(content: string, { tokens }: TokenUsage): Generator<Frame> {
  yield outputFrame(sse({ type: 'speech.audio.delta', audio: content }), content);
  const usage = {
    input_tokens: tokens.inText,
    output_tokens: tokens.outAudio,
    total_tokens: tokens.inText + tokens.outAudio,
  };
  yield frame(sse({ type: 'speech.audio.done', usage }));
}
