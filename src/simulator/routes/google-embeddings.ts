import { createTokenUsage } from '../../core/token-usage.ts';
import { countTokens } from '../count-tokens.ts';
import { asNumber, asObject, asObjects, type JsonObject } from '../json-object.ts';
import { readOverrides } from '../overrides.ts';
import { contentText } from '../prompt.ts';
import { embedText } from './embed-text.ts';
import { type Call, type PreparedCall, wholeJson } from './handler.ts';
import { requireList, requireValue } from './require-field.ts';

/** `:embedContent`: https://ai.google.dev/api/embeddings */
export function answerEmbedContent(call: Call): PreparedCall {
  requireValue(call.body, 'content');
  return embed(call, [call.body], ([embedding]) => ({ embedding }));
}

/** `:batchEmbedContents`, which is the one that the official SDK calls. */
export function answerBatchEmbedContents(call: Call): PreparedCall {
  const requests = asObjects(requireList(call.body, 'requests'));
  return embed(call, requests, (embeddings) => ({ embeddings }));
}

function embed(
  call: Call,
  requests: JsonObject[],
  encode: (embeddings: object[]) => object,
): PreparedCall {
  const texts = requests.map(({ content }) => contentText(asObject(content)['parts']));
  return {
    model: call.pathModel,
    overrides: readOverrides(texts.at(-1) ?? '', call.headers),
    reply() {
      const usage = createTokenUsage();
      const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
      usage.tokens.inText = tokens;
      const embeddings = requests.map(({ outputDimensionality }, index) => ({
        values: [...embedText(texts[index] ?? '', asNumber(outputDimensionality))],
      }));
      const usageMetadata = { promptTokenCount: tokens, totalTokenCount: tokens };
      return wholeJson({ ...encode(embeddings), usageMetadata }, usage);
    },
  };
}
