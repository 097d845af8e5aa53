import { createTokenUsage, type TokenUsage } from '../core/token-usage.ts';
import { asObject, type JsonObject, parseObject } from './json-object.ts';
import { createOpenAiEventTap } from './openai-event-tap.ts';
import { addUnits, createUsageBuilder, reportsAny } from './usage-builder.ts';
import type { StreamReading, WireFormat } from './wire-format.ts';

const SPEECH_DONE = 'speech.audio.done';

/**
 * OpenAI audio: a transcription reports tokens or the audio's duration, streamed speech reports tokens,
 * and speech as a file reports nothing. https://platform.openai.com/docs/api-reference/audio
 */
export const openaiAudio: WireFormat = {
  id: 'openai-audio',
  answerMembers: [],
  usageMembers: ['usage', 'duration'],
  readUsage: readAudioUsage,
  createStreamTap: () =>
    createOpenAiEventTap({ types: ['transcript.text.done', SPEECH_DONE], read: readEnd }),
  hasTerminalMarker: true,
  modelPaths: [],
};

/** Usage of a transcription: its tokens, and the duration that `usage` or a verbose one states. */
function readAudioUsage(answer: unknown): TokenUsage | null {
  const { usage: report, duration } = asObject(answer);
  const counts = asObject(report);
  const tokens = readTokens(counts, 'outText');
  return addDuration(tokens, counts['seconds'] ?? duration);
}

function readEnd(data: Buffer, type: string): Partial<StreamReading> {
  const event = parseObject(data);
  const usage =
    type === SPEECH_DONE ? readTokens(asObject(event['usage']), 'outAudio') : readAudioUsage(event);
  return { usage, providerUsage: event['usage'] };
}

function readTokens(report: JsonObject, output: 'outText' | 'outAudio'): TokenUsage | null {
  if (!reportsAny(report, ['input_tokens', 'output_tokens'])) return null;
  const { usage, count, allot } = createUsageBuilder();
  const details = asObject(report['input_token_details']);
  allot(count(report['input_tokens']), [['inAudio', count(details['audio_tokens'])]], 'inText');
  usage.tokens[output] = count(report['output_tokens']);
  return usage;
}

function addDuration(tokens: TokenUsage | null, seconds: unknown): TokenUsage | null {
  if (typeof seconds !== 'number' && typeof seconds !== 'string') return tokens;
  const usage = tokens ?? createTokenUsage();
  addUnits(usage, 'audioMs', Math.round(Number(seconds) * 1000));
  return usage;
}
