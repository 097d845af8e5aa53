import { createTokenUsage } from '../../core/token-usage.ts';
import { countTokens } from '../count-tokens.ts';
import { asNumber } from '../json-object.ts';
import { readOverrides } from '../overrides.ts';
import { SimulatorError } from '../simulator-error.ts';
import { embedText } from './embed-text.ts';
import { type Call, type PreparedCall, wholeJson } from './handler.ts';
import { readInputTexts } from './read-input-texts.ts';
import { requireText, requireValue } from './require-field.ts';

/** `POST /embeddings`: https://platform.openai.com/docs/api-reference/embeddings */
export function answerEmbeddings(call: Call): PreparedCall {
  const model = requireText(call.body, 'model');
  const texts = readInputTexts(requireValue(call.body, 'input'));
  if (texts.length === 0 || texts.includes('')) {
    throw new SimulatorError(400, 'Input cannot be empty.', 'input');
  }
  const dimensions = asNumber(call.body['dimensions']);
  const encode = call.body['encoding_format'] === 'base64' ? encodeBase64 : encodeFloats;
  return {
    model,
    overrides: readOverrides(texts.at(-1) ?? '', call.headers),
    reply() {
      const usage = createTokenUsage();
      const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
      usage.tokens.inText = tokens;
      const data = texts.map((text, index) => ({
        object: 'embedding',
        index,
        embedding: encode(embedText(text, dimensions)),
      }));
      const counts = { prompt_tokens: tokens, total_tokens: tokens };
      return wholeJson({ object: 'list', data, model, usage: counts }, usage);
    },
  };
}

function encodeFloats(vector: Float32Array): number[] {
  return [...vector];
}

/** Little-endian float32, as the official SDK asks for. */
function encodeBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
