import { createTokenUsage } from '../../core/token-usage.ts';
import { asText } from '../json-object.ts';
import { readOverrides } from '../overrides.ts';
import { type Call, type PreparedCall, wholeJson } from './handler.ts';
import { readInputTexts } from './read-input-texts.ts';
import { requireValue } from './require-field.ts';

/** The categories of omni-moderation. */
const CATEGORIES = [
  ...['harassment', 'harassment/threatening', 'hate', 'hate/threatening', 'illicit'],
  ...['illicit/violent', 'self-harm', 'self-harm/instructions', 'self-harm/intent', 'sexual'],
  ...['sexual/minors', 'violence', 'violence/graphic'],
];

/**
 * `POST /moderations`, which flags nothing:
 * https://platform.openai.com/docs/api-reference/moderations
 */
export function answerModeration(call: Call): PreparedCall {
  const texts = readInputTexts(requireValue(call.body, 'input'));
  const model = asText(call.body['model']) || 'omni-moderation-latest';
  return {
    model,
    overrides: readOverrides(texts.at(-1) ?? '', call.headers),
    reply: () => {
      const results = texts.map(() => ({
        flagged: false,
        categories: forEachCategory(false),
        category_scores: forEachCategory(0),
        category_applied_input_types: forEachCategory([]),
      }));
      return wholeJson({ id: call.mint('modr-'), model, results }, createTokenUsage());
    },
  };
}

function forEachCategory<Value>(value: Value): Record<string, Value> {
  return Object.fromEntries(CATEGORIES.map((category) => [category, value]));
}
