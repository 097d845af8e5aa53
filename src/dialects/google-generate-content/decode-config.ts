import type { ChatRequest, OutputControl, ReasoningControl, Sampling } from '../ir/chat-request.ts';
import { asObject, asObjects, asText, asTexts, isObject, type JsonObject } from '../json-object.ts';
import { invalidField } from '../read-fields.ts';
import { asEffort } from '../reasoning-effort.ts';
import { decodeSchema } from './read-schema.ts';
import { enumWord, member, optionalNumber } from './read-wire.ts';

/** The controls in a generationConfig, except those of media. */
type GenerationControls = Pick<
  ChatRequest,
  'reasoning' | 'output' | 'sampling' | 'stop' | 'n' | 'logprobs'
>;

/** Reads the controls of a generationConfig. */
export function decodeConfig(config: JsonObject): GenerationControls {
  const number = (name: string) => optionalNumber(member(config, name), `generationConfig.${name}`);
  return {
    reasoning: decodeReasoning(member(config, 'thinkingConfig')),
    output: {
      format: decodeFormat(config),
      maxTokens: number('maxOutputTokens'),
      verbosity: undefined,
      modalities: asTexts(member(config, 'responseModalities'))?.map((word) => word.toLowerCase()),
    },
    sampling: decodeSampling(number),
    stop: asTexts(member(config, 'stopSequences')) ?? [],
    n: number('candidateCount') ?? 1,
    logprobs:
      member(config, 'responseLogprobs') === true ? { top: number('logprobs') ?? 0 } : undefined,
  };
}

function decodeSampling(number: (name: string) => number | undefined): Sampling {
  return {
    temperature: number('temperature'),
    topP: number('topP'),
    topK: number('topK'),
    seed: number('seed'),
    presencePenalty: number('presencePenalty'),
    frequencyPenalty: number('frequencyPenalty'),
    logitBias: undefined,
  };
}

/** A level is an effort of the same name; it is never converted through a budget. */
function decodeReasoning(thinkingConfig: unknown): ReasoningControl | undefined {
  if (!isObject(thinkingConfig)) return undefined;
  const expose = member(thinkingConfig, 'includeThoughts') === true ? 'summary' : 'none';
  const level = enumWord(member(thinkingConfig, 'thinkingLevel'), 'THINKING_LEVEL_');
  const budget = optionalNumber(
    member(thinkingConfig, 'thinkingBudget'),
    'generationConfig.thinkingConfig.thinkingBudget',
  );
  const silent = { effort: undefined, budget: undefined, expose } as const;
  if (level !== undefined) {
    const effort = asEffort(level.toLowerCase());
    if (effort === undefined) {
      throw invalidField(
        'generationConfig.thinkingConfig.thinkingLevel',
        `unknown level \`${level}\``,
      );
    }
    return { ...silent, mode: 'effort', effort };
  }
  if (budget === 0) return { ...silent, mode: 'off' };
  if (budget === undefined || budget < 0) return { ...silent, mode: 'auto' };
  return { ...silent, mode: 'budget', budget };
}

function decodeFormat(config: JsonObject): OutputControl['format'] {
  const [first] = asObjects(member(config, 'responseFormat'));
  const text = asObject(first?.['text']);
  const mime = asText(member(config, 'responseMimeType') ?? member(text, 'mimeType'));
  const schema =
    member(config, 'responseJsonSchema') ?? member(config, 'responseSchema') ?? text['schema'];
  if (isObject(schema) && mime !== 'text/plain') {
    return {
      type: 'schema',
      name: undefined,
      schema: decodeSchema(schema),
      strict: undefined,
      description: undefined,
    };
  }
  switch (mime) {
    case undefined:
      return undefined;
    case 'text/plain':
      return { type: 'text' };
    case 'application/json':
      return { type: 'json' };
    default:
      throw invalidField('generationConfig.responseMimeType', `\`${mime}\` is not supported`);
  }
}
