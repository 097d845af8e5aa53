import type { EncodedRequest, EncodeTarget } from '../dialect.ts';
import type { ChatRequest } from '../ir/chat-request.ts';
import { keepOwnReasoning, normalizeTurns } from '../ir/normalize-turns.ts';
import { type JsonObject, mergeKnown } from '../json-object.ts';
import { createToolNames } from '../tool-names.ts';
import { encodeHints, encodeLimits, encodeSampling } from './encode-controls.ts';
import { encodeFormat } from './encode-format.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeTools } from './encode-tools.ts';

/** Writes a chat completions request; throws 400 for what it cannot express. */
export function encodeChatRequest(request: ChatRequest, target: EncodeTarget): EncodedRequest {
  if (request.output.modalities?.some((modality) => modality !== 'text')) {
    throw target.losses.refuse('modalities');
  }
  const declared = request.tools.flatMap((tool) => ('name' in tool ? tool.name : []));
  const names = createToolNames('openai-chat', declared);
  const messageTarget = { ...target, names };
  const { response_format, instructions } = encodeFormat(request, target);
  const { system, turns } = orderTurns(request, target);

  const body: JsonObject = { model: request.model };
  mergeKnown(body, {
    messages: encodeMessages({ system: [...system, ...instructions], turns }, messageTarget),
    ...encodeTools(request, messageTarget),
    response_format,
    ...encodeLimits(request, target),
    ...encodeSampling(request, target),
    ...encodeHints(request, target),
    ...encodeStreaming(request, target),
  });
  return { body, toolNames: names.changed };
}

/** The conversation in an order that the server accepts, without reasoning that it cannot read. */
function orderTurns(
  request: ChatRequest,
  target: EncodeTarget,
): Pick<ChatRequest, 'system' | 'turns'> {
  const { caps, family, losses } = target;
  const canInstructLater = caps.mid_system && !caps.system_only_first;
  // A final assistant turn is history in this API: the model answers it instead of continuing it.
  if (request.turns.at(-1)?.role === 'assistant') losses.drop('not_continued', 'messages');
  const turns = keepOwnReasoning(
    request.turns,
    { dialect: 'openai-chat', family },
    { reasoningContentInput: caps.reasoning_content_input },
  );
  const rules = {
    mergeSameRole: false,
    midSystem: canInstructLater ? ('keep' as const) : ('fold' as const),
    userFirst: false,
    needsUser: false,
    dropEmptyText: false,
    resultsFirst: true,
  };
  return normalizeTurns({ ...request, turns }, rules, losses);
}

function encodeStreaming({ stream }: ChatRequest, { caps }: EncodeTarget): JsonObject {
  if (!stream) return {};
  return caps.stream_usage
    ? { stream: true, stream_options: { include_usage: true } }
    : { stream: true };
}
