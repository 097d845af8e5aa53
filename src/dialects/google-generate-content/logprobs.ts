import { asObject, asObjects, type JsonObject } from '../json-object.ts';

/** The log probabilities of a candidate in the form that the other APIs share; undefined for none. */
export function decodeLogprobs(result: unknown): JsonObject[] | undefined {
  const { chosenCandidates, topCandidates } = asObject(result);
  const chosen = asObjects(chosenCandidates);
  if (chosen.length === 0) return undefined;
  const tops = asObjects(topCandidates);
  return chosen.map((candidate, index) => ({
    ...decodeToken(candidate),
    top_logprobs: asObjects(tops[index]?.['candidates']).map(decodeToken),
  }));
}

function decodeToken({ token, logProbability }: JsonObject): JsonObject {
  const text = String(token ?? '');
  return { token: text, logprob: logProbability ?? 0, bytes: [...Buffer.from(text)] };
}

/** The `logprobsResult` of a candidate; undefined for none. */
export function encodeLogprobs(logprobs: readonly unknown[] | undefined): JsonObject | undefined {
  const tokens = asObjects(logprobs);
  if (tokens.length === 0) return undefined;
  return {
    chosenCandidates: tokens.map(encodeToken),
    topCandidates: tokens.map((token) => ({
      candidates: asObjects(token['top_logprobs']).map(encodeToken),
    })),
  };
}

function encodeToken({ token, logprob }: JsonObject): JsonObject {
  return { token, logProbability: logprob };
}
