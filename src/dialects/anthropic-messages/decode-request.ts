import type { ChatRequest, Turn } from '../ir/chat-request.ts';
import { textBlock } from '../ir/text-block.ts';
import { asNumber, asObject, asText, asTexts, isObject, type JsonObject } from '../json-object.ts';
import { invalidField, requireObjects, requireText } from '../read-fields.ts';
import { decodeContent, decodeInstructions } from './decode-content.ts';
import {
  decodeNativeFields,
  decodeOutput,
  decodeReasoning,
  decodeTier,
} from './decode-controls.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { onlyNative, readCacheMark } from './read-wire.ts';
import { mergeTools, readToolChanges } from './tool-changes.ts';

/**
 * Reads a request of the Messages API, of version 2026-10-21 or of 2023-06-01; they differ in what they refuse,
 * not in meaning.
 */
export function decodeRequest(body: JsonObject, { stream }: { stream: boolean }): ChatRequest {
  const changes = readToolChanges(body['messages']);
  const tools = mergeTools(decodeTools(body['tools']), changes.defined);
  return {
    model: requireText(body['model'], 'model'),
    system: body['system'] == null ? [] : decodeInstructions(body['system'], 'system'),
    turns: decodeMessages(body['messages']),
    tools,
    ...decodeToolChoice(body['tool_choice'], tools),
    reasoning: decodeReasoning(body),
    output: decodeOutput(body),
    sampling: {
      temperature: asNumber(body['temperature']),
      topP: asNumber(body['top_p']),
      topK: asNumber(body['top_k']),
      seed: undefined,
      presencePenalty: undefined,
      frequencyPenalty: undefined,
      logitBias: undefined,
    },
    stop: asTexts(body['stop_sequences']) ?? [],
    n: 1,
    logprobs: undefined,
    cache: { key: undefined, ttl: undefined, mark: readCacheMark(body['cache_control']) },
    tier: decodeTier(body),
    endUser: asText(asObject(body['metadata'])['user_id']),
    metadata: undefined,
    stream,
    includeUsage: true,
    extra: { 'anthropic-messages': { ...decodeNativeFields(body), ...flags(changes.named) } },
  };
}

function flags(paths: readonly string[]): Record<string, true> {
  return Object.fromEntries(paths.map((path) => [path, true]));
}

function decodeMessages(messages: unknown): Turn[] {
  const wires = requireObjects(messages, 'messages');
  if (wires.length === 0) throw invalidField('messages', 'expected at least one message');
  let turns: Turn[] = [];
  for (const [index, message] of wires.entries()) {
    const path = `messages[${index}]`;
    const compaction = decodeCompaction(message, path);
    // A compaction replaces everything before it, as in Anthropic's API.
    if (compaction !== null) turns = compaction;
    else turns.push(decodeMessage(message, path));
  }
  return turns;
}

function decodeMessage({ role, content }: JsonObject, path: string): Turn {
  switch (role) {
    case 'user':
    case 'assistant':
      return { role, blocks: decodeContent(content, `${path}.content`) };
    case 'system':
      // Without content it is a directive to Anthropic's own API.
      if (content == null) throw onlyNative(path);
      return { role, blocks: decodeInstructions(content, `${path}.content`) };
    default:
      throw invalidField(`${path}.role`, `unknown role \`${String(role)}\``);
  }
}

/** The turns that replace the conversation so far, for a message with a compaction; null for any other message. */
function decodeCompaction({ role, content }: JsonObject, path: string): Turn[] | null {
  if (!Array.isArray(content)) return null;
  const place = content.findLastIndex((block) => isObject(block) && block['type'] === 'compaction');
  if (place === -1) return null;
  const summary = asText(asObject(content[place])['content']);
  if (summary === undefined) throw onlyNative(`${path}.content[${place}]`);
  const rest = content.slice(place + 1);
  const begun: Turn = { role: 'user', blocks: [textBlock(summary)] };
  return rest.length === 0 ? [begun] : [begun, decodeMessage({ role, content: rest }, path)];
}
