import type { EncodedRequest, EncodeTarget } from '../dialect.ts';
import type { ChatRequest, Turn } from '../ir/chat-request.ts';
import { keepOwnReasoning, normalizeTurns, type TurnRules } from '../ir/normalize-turns.ts';
import { textBlock } from '../ir/text-block.ts';
import type { JsonObject } from '../json-object.ts';
import { limitMarks } from './cache-marks.ts';
import { encodeMark, encodeText, encodeTurn } from './encode-content.ts';
import {
  dropForeignHints,
  encodeSampling,
  encodeService,
  encodeStop,
  refuseUnsupported,
} from './encode-hints.ts';
import { type OutputPlan, planOutput } from './encode-output.ts';
import { type EncodedTools, encodeTools } from './encode-tools.ts';
import {
  isThinking,
  lacksThinking,
  planThinking,
  type ThinkingPlan,
  withoutThinking,
} from './plan-thinking.ts';
import { createRequestContext, type RequestContext } from './request-context.ts';

/** Writes a request for the Messages API of version 2023-06-01. */
export function encodeRequest(request: ChatRequest, target: EncodeTarget): EncodedRequest {
  const context = createRequestContext(request, target);
  refuseUnsupported(request, context);
  dropForeignHints(request, context);
  const output = planOutput(request, context);
  const conversation = encodeConversation(request, planThinking(request, context), context);
  const { messages } = conversation;
  const system = [...conversation.system, ...encodeInstruction(output)];
  const { tools, jsonTool, ...chosen } = withJsonTool(encodeTools(request, context), output, {
    plan: conversation.plan,
    caps: target.caps,
  });
  const { plan, choice } = reconcile(conversation.plan, chosen.choice, context);
  limitMarks({ tools, system, messages }, request.cache.mark !== undefined, target.losses);
  const body: JsonObject = {
    model: request.model,
    max_tokens: plan.maxTokens,
    ...(system.length > 0 && { system }),
    messages,
    ...(tools.length > 0 && { tools }),
    ...(choice !== undefined && { tool_choice: choice }),
    ...(plan.thinking !== undefined && { thinking: plan.thinking }),
    ...encodeOutputConfig(plan, output),
    ...encodeSampling(request, plan, context),
    ...encodeStop(request, context),
    ...encodeService(request, context),
    ...encodeMark(request.cache.mark),
    ...(request.stream && { stream: true }),
  };
  return { body, toolNames: context.names.changed, jsonTool };
}

interface Conversation {
  system: JsonObject[];
  messages: JsonObject[];
  /** The thinking plan; without thinking if the history does not allow it. */
  plan: ThinkingPlan;
}

function encodeConversation(
  request: ChatRequest,
  planned: ThinkingPlan,
  context: RequestContext,
): Conversation {
  const { family } = context;
  const own = keepOwnReasoning(request.turns, { dialect: 'anthropic-messages', family });
  const { system, turns } = endWithUser({ ...request, turns: own }, planned, context);
  let plan = planned;
  if (lacksThinking(planned, turns)) {
    context.losses.drop('dropped', 'reasoning');
    plan = withoutThinking(planned, context);
  }
  return {
    system: system.map(encodeText),
    messages: trimPrefill(turns).map((turn) => encodeTurn(turn, context)),
    plan,
  };
}

/**
 * The conversation in this API's order. Models that cannot continue an answer that was begun for them are
 * asked to: it may be the last turn only once empty ones are gone.
 */
function endWithUser(
  request: ChatRequest,
  plan: ThinkingPlan,
  context: RequestContext,
): ReturnType<typeof normalizeTurns> {
  const { caps, losses } = context;
  const conversation = orderTurns(request, context);
  const endsBegun = conversation.turns.at(-1)?.role === 'assistant';
  if (!endsBegun || (caps.prefill && !isThinking(plan))) return conversation;
  losses.drop('continued', 'messages');
  const asked: Turn = { role: 'user', blocks: [textBlock('Continue.')] };
  return orderTurns({ ...request, turns: [...request.turns, asked] }, context);
}

function orderTurns(request: ChatRequest, { caps, losses }: RequestContext) {
  const rules: TurnRules = {
    mergeSameRole: true,
    midSystem: caps.mid_system ? 'anthropic' : 'fold',
    userFirst: true,
    needsUser: true,
    dropEmptyText: true,
    resultsFirst: true,
  };
  return normalizeTurns(request, rules, losses);
}

/** The API refuses white space at the end of an answer that the model is to continue. */
function trimPrefill(turns: readonly Turn[]): Turn[] {
  return turns.map((turn, index) => {
    const last = turn.blocks.at(-1);
    const isPrefill = index === turns.length - 1 && turn.role === 'assistant';
    if (!isPrefill || last?.type !== 'text') return turn;
    const trimmed = { ...last, text: last.text.trimEnd() };
    return { ...turn, blocks: [...turn.blocks.slice(0, -1), trimmed] };
  });
}

function encodeInstruction({ instruction }: OutputPlan): JsonObject[] {
  return instruction === undefined ? [] : [encodeText({ text: instruction, cache: undefined })];
}

/** Forces a call of the JSON tool, unless there are other tools or the model thinks. */
function withJsonTool(
  encoded: EncodedTools,
  { tool }: OutputPlan,
  { plan, caps }: { plan: ThinkingPlan; caps: EncodeTarget['caps'] },
): EncodedTools & { jsonTool: string | undefined } {
  const isForcible = caps.forced_tool_choice && !isThinking(plan);
  if (tool === undefined || encoded.tools.length > 0 || !isForcible) {
    return { ...encoded, jsonTool: undefined };
  }
  const name = String(tool['name']);
  return { tools: [tool], choice: { type: 'tool', name }, jsonTool: name };
}

/** A model that thinks cannot be forced to call a tool: one of the two is dropped. */
function reconcile(
  plan: ThinkingPlan,
  choice: JsonObject | undefined,
  context: RequestContext,
): { plan: ThinkingPlan; choice: JsonObject | undefined } {
  const { caps, losses } = context;
  const isForced = choice?.['type'] === 'any' || choice?.['type'] === 'tool';
  if (!isForced || (caps.forced_tool_choice && !isThinking(plan))) return { plan, choice };
  if (caps.forced_tool_choice && caps.thinking.includes('disabled')) {
    losses.drop('dropped', 'reasoning');
    return { plan: withoutThinking(plan, context), choice };
  }
  losses.drop('downgraded', 'tool_choice');
  const { name: _name, ...rest } = choice;
  return { plan, choice: { ...rest, type: 'auto' } };
}

function encodeOutputConfig({ effort }: ThinkingPlan, { format }: OutputPlan): JsonObject {
  if (effort === undefined && format === undefined) return {};
  return {
    output_config: {
      ...(effort !== undefined && { effort }),
      ...(format !== undefined && { format }),
    },
  };
}
