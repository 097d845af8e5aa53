import type { Block, ChatRequest, TextBlock, Turn } from '../ir/chat-request.ts';
import { textBlock } from '../ir/text-block.ts';
import { asObject, asText, type JsonObject } from '../json-object.ts';
import { invalidField, requireObject } from '../read-fields.ts';
import { decodeConfig } from './decode-config.ts';
import { decodeContents, readSpots } from './decode-contents.ts';
import { decodeResolution } from './decode-media.ts';
import { decodeParts } from './decode-parts.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { enumWord, GOOGLE, member, onlyNative } from './read-wire.ts';

/** Fields that an answer depends on, and whose state only Google has. */
const STATE = ['cachedContent', 'continuationToken'];

/** Fields that only Google's API reads, and whose loss does not harm the answer. */
const HINTS = ['safetySettings', 'modelArmorConfig', 'labels'];

/** Settings of media, by their names in a generationConfig; they affect only answers that are not text. */
const CONFIG_HINTS = ['speechConfig', 'audioTimestamp', 'enableEnhancedCivicAnswers'];

/** Reads a generateContent request in either spelling of its members. */
export function decodeRequest(body: JsonObject, { stream }: { stream: boolean }): ChatRequest {
  for (const name of STATE) if (member(body, name) !== undefined) throw onlyNative(name);
  const config = asObject(member(body, 'generationConfig'));
  return {
    model: asText(body['model']) ?? '',
    system: decodeSystem(member(body, 'systemInstruction')),
    turns: withDetail(decodeContents(body['contents']), member(config, 'mediaResolution')),
    tools: decodeTools(body['tools'] ?? undefined),
    toolChoice: decodeToolChoice(member(body, 'toolConfig')),
    parallelToolCalls: undefined,
    ...decodeConfig(config),
    cache: { key: undefined, ttl: undefined, mark: undefined },
    tier: decodeTier(member(body, 'serviceTier')),
    endUser: undefined,
    metadata: undefined,
    stream,
    includeUsage: true,
    extra: {
      [GOOGLE]: { ...pick(body, HINTS), ...pick(config, CONFIG_HINTS) },
    },
  };
}

function pick(object: JsonObject, names: readonly string[]): JsonObject {
  const known = names.map((name) => [name, member(object, name)] as const);
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

/** Instructions are text only; the API ignores their role. */
function decodeSystem(instruction: unknown): TextBlock[] {
  if (instruction === undefined) return [];
  if (typeof instruction === 'string') return instruction === '' ? [] : [textBlock(instruction)];
  const path = 'systemInstruction';
  return decodeParts(readSpots(requireObject(instruction, path), path)).map((block) => {
    if (block.type !== 'text') throw invalidField(path, 'expected only text');
    return block;
  });
}

/** The request's resolution applies to every image without one of its own. */
function withDetail(turns: Turn[], resolution: unknown): Turn[] {
  const detail = decodeResolution(resolution);
  if (detail === undefined) return turns;
  const look = (block: Block): Block =>
    block.type === 'image' ? { ...block, detail: block.detail ?? detail } : block;
  return turns.map((turn) => ({ ...turn, blocks: turn.blocks.map(look) }));
}

function decodeTier(tier: unknown): string | undefined {
  const word = enumWord(tier, 'SERVICE_TIER_')?.toLowerCase();
  return word === 'standard' ? 'default' : word;
}
