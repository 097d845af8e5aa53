import type { EncodedRequest, EncodeTarget } from '../dialect.ts';
import type { ChatRequest, TextBlock } from '../ir/chat-request.ts';
import { keepOwnReasoning, normalizeTurns, type TurnRules } from '../ir/normalize-turns.ts';
import { textBlock } from '../ir/text-block.ts';
import type { JsonObject } from '../json-object.ts';
import { createToolNames } from '../tool-names.ts';
import {
  askForFormat,
  encodeIncludes,
  encodeLabels,
  encodeLimits,
  encodeReasoningControl,
  encodeSampling,
  encodeTextControl,
  refuseUnsayable,
} from './encode-controls.ts';
import { encodeInstructions, encodeTurn } from './encode-input.ts';
import { encodeToolFields } from './encode-tools.ts';
import { createInputTarget, type InputTarget } from './input-target.ts';
import { encodeHints } from './native-fields.ts';
import { RESPONSES } from './read-wire.ts';

/** Writes a request that stores nothing at the provider: its state travels with it. */
export function encodeRequest(request: ChatRequest, target: EncodeTarget): EncodedRequest {
  refuseUnsayable(request, target);
  const declared = request.tools.flatMap((tool) => ('name' in tool ? [tool.name] : []));
  const names = createToolNames(RESPONSES, declared);
  const body = {
    model: request.model,
    ...encodeConversation(request, target, names),
    ...encodeToolFields(request, { ...target, names }),
    ...encodeReasoningControl(request, target),
    ...encodeTextControl(request.output),
    ...encodeSampling(request, target),
    ...encodeLimits(request, target),
    ...encodeLabels(request),
    ...encodeHints(request, target),
    ...encodeIncludes(request, target),
    ...(request.stream && { stream: true }),
  };
  return { body, toolNames: names.changed };
}

function rulesOf({ caps }: EncodeTarget): TurnRules {
  return {
    mergeSameRole: false,
    midSystem: caps.mid_system ? 'keep' : 'fold',
    userFirst: false,
    needsUser: false,
    dropEmptyText: false,
    resultsFirst: true,
  };
}

function encodeConversation(
  request: ChatRequest,
  target: EncodeTarget,
  names: InputTarget['names'],
): JsonObject {
  // A final turn of the model is history in this API: the model answers it instead of continuing it.
  if (request.turns.at(-1)?.role === 'assistant') target.losses.drop('not_continued', 'messages');
  const own = keepOwnReasoning(request.turns, { dialect: RESPONSES, family: target.family });
  const conversation = normalizeTurns({ ...request, turns: own }, rulesOf(target), target.losses);
  const input = createInputTarget(target, names, conversation);
  const said = conversation.turns.flatMap((turn) => encodeTurn(turn, input));
  const { format } = request.output;
  const system = [...conversation.system, ...askForFormat(format, target)].filter(hasText);
  // Only parts of the input can be marked, and an input there must be.
  const isInput = said.length === 0 || system.some(input.isMarked);
  const items = isInput ? [...encodeInstructions(system, input), ...said] : said;
  const hint = format?.type === 'json' ? hintAtJson(items) : [];
  const instructions = isInput ? '' : system.map(({ text }) => text).join('\n\n');
  return {
    ...(instructions !== '' && { instructions }),
    input: [...encodeInstructions(hint, input), ...items],
  };
}

function hasText({ text }: TextBlock): boolean {
  return text !== '';
}

/**
 * JSON mode is refused where no message of the input says JSON; `instructions` do not count.
 * https://platform.openai.com/docs/guides/structured-outputs#json-mode
 */
function hintAtJson(items: readonly JsonObject[]): TextBlock[] {
  return /json/i.test(JSON.stringify(items)) ? [] : [textBlock('Answer in JSON.')];
}
