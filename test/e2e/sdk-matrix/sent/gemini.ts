import { asObject, asObjects, type JsonObject } from '../../../../src/dialects/json-object.ts';
import { describeCall, describeMedia, describeResult, joinTurns, type ReadSent } from './sent.ts';

/** Reads a body of Gemini's. */
export const readSentGemini: ReadSent = (body) => {
  const config = asObject(body['generationConfig']);
  const tools = asObjects(body['tools']).flatMap((tool) => asObjects(tool['functionDeclarations']));
  return {
    system: asObjects(asObject(body['systemInstruction'])['parts']).map(describePart).join('\n\n'),
    turns: joinTurns(
      asObjects(body['contents']).flatMap(({ role, parts }) =>
        asObjects(parts).map((part) => ({
          role: role === 'model' ? 'assistant' : 'user',
          words: describePart(part),
        })),
      ),
    ),
    tools: tools.map(({ name }) => String(name)),
    schema: config['responseJsonSchema'],
    thinking: config['thinkingConfig'],
    maxTokens: config['maxOutputTokens'],
    stop: config['stopSequences'],
    n: config['candidateCount'],
  };
};

function describePart(part: JsonObject): string {
  const { functionCall, functionResponse, inlineData, text } = part;
  if (functionCall !== undefined) {
    const { name, args } = asObject(functionCall);
    return describeCall(name, args);
  }
  if (functionResponse !== undefined) {
    const { name, response, parts } = asObject(functionResponse);
    const { output, error } = asObject(response);
    const words = [String(error ?? output), ...asObjects(parts).map(describePart)].join(' | ');
    return describeResult(name, words, error !== undefined);
  }
  if (inlineData === undefined) return String(text);
  const { mimeType, data } = asObject(inlineData);
  return describeMedia(mimeType, data);
}
