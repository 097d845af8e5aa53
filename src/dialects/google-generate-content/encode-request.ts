import type { EncodedRequest, EncodeTarget } from '../dialect.ts';
import type { Block, ChatRequest, TextBlock, Turn } from '../ir/chat-request.ts';
import { keepOwnReasoning, normalizeTurns, type TurnRules } from '../ir/normalize-turns.ts';
import type { JsonObject } from '../json-object.ts';
import { createToolNames } from '../tool-names.ts';
import { createContentTarget } from './content-target.ts';
import { encodeConfig, refuseUnsayable } from './encode-config.ts';
import { encodeContents } from './encode-contents.ts';
import { planOutput } from './encode-output.ts';
import { encodeToolFields } from './encode-tools.ts';
import { GOOGLE } from './read-wire.ts';

const TURN_RULES: TurnRules = {
  mergeSameRole: true,
  midSystem: 'fold',
  userFirst: true,
  needsUser: true,
  dropEmptyText: true,
  resultsFirst: true,
};

/** Service tiers that this API has a word for; the model's own choice needs none. */
const TIERS: ReadonlyMap<string, string | undefined> = new Map([
  ['auto', undefined],
  ['default', 'standard'],
  ['flex', 'flex'],
  ['priority', 'priority'],
]);

/** Writes a generateContent request; the model's name is in the path. */
export function encodeRequest(request: ChatRequest, target: EncodeTarget): EncodedRequest {
  refuseUnsayable(request, target);
  dropForeignHints(request, target);
  const own = keepOwnReasoning(request.turns, { dialect: GOOGLE, family: target.family });
  const { system, turns } = normalizeTurns({ ...request, turns: own }, TURN_RULES, target.losses);
  const declared = request.tools.flatMap((tool) => ('name' in tool ? [tool.name] : []));
  const names = createToolNames(GOOGLE, declared);
  const contentTarget = createContentTarget(target, names, turns);
  const output = planOutput(request, target);
  const config = { ...encodeConfig(request, target), ...output.config };
  const body: JsonObject = {
    contents: encodeContents(turns, contentTarget),
    ...encodeInstruction(system, output.instruction),
    ...encodeToolFields(request, contentTarget),
    ...(Object.keys(config).length > 0 && { generationConfig: config }),
    ...encodeTier(request, target),
  };
  return { body, toolNames: names.changed };
}

function encodeInstruction(system: readonly TextBlock[], added: string | undefined): JsonObject {
  const texts = system.flatMap(({ text }) => (text === '' ? [] : text));
  if (added !== undefined) texts.push(added);
  if (texts.length === 0) return {};
  return { systemInstruction: { parts: texts.map((text) => ({ text })) } };
}

function encodeTier({ tier }: ChatRequest, { losses }: EncodeTarget): JsonObject {
  if (tier === undefined) return {};
  const serviceTier = TIERS.get(tier);
  if (!TIERS.has(tier)) losses.drop('dropped', 'service_tier');
  return serviceTier === undefined ? {} : { serviceTier };
}

/** Records the hints that this API has no field for; the API caches without being asked. */
function dropForeignHints(request: ChatRequest, { losses }: EncodeTarget): void {
  const { cache, endUser, extra, metadata, output, system, turns } = request;
  const hints = {
    cache_control: cache.mark ?? (isMarked(system, turns) || undefined),
    prompt_cache_key: cache.key,
    prompt_cache_retention: cache.ttl,
    user: endUser,
    metadata,
    verbosity: output.verbosity,
  };
  const { [GOOGLE]: _own, ...foreign } = extra;
  for (const fields of [hints, ...Object.values(foreign)]) {
    for (const [field, value] of Object.entries(fields)) {
      if (value !== undefined && value !== null && value !== false) losses.drop('dropped', field);
    }
  }
}

function isMarked(system: readonly TextBlock[], turns: readonly Turn[]): boolean {
  const blocks: readonly Block[] = [...system, ...turns.flatMap((turn) => turn.blocks)];
  return blocks.some((block) => 'cache' in block && block.cache !== undefined);
}
