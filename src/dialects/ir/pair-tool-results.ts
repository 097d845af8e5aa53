import { GatewayError } from '../../core/gateway-error.ts';
import type { Losses } from '../losses.ts';
import type { Block, ToolCallBlock, ToolResultBlock } from './chat-request.ts';
import type { PlacedTurn } from './normalize-turns.ts';
import { textBlock } from './text-block.ts';

/** A call of the conversation with its results. */
interface Call {
  block: ToolCallBlock;
  /** Index of the turn with the call. */
  turn: number;
  result: ToolResultBlock | undefined;
}

/** What a result says that gave nothing back. */
export const NO_RESULT = 'No result provided.';

/**
 * Links every tool result to its call, by id and never by position, and gives it the tool's name. With
 * `resultsFirst` the results of a turn's calls form one turn directly behind it, in the order of the calls
 * . A call that was never answered gets an error as its result. Throws 400 for a result that
 * answers no call.
 */
export function pairToolResults(
  turns: readonly PlacedTurn[],
  { resultsFirst }: { resultsFirst: boolean },
  losses: Losses,
): PlacedTurn[] {
  const calls = matchResults(turns);
  const lastReply = turns.findLastIndex(({ role }) => role !== 'assistant');
  return turns.flatMap((turn, index) => {
    const own = calls.filter((call) => call.turn === index);
    const missing = index < lastReply ? own.filter(({ result }) => result === undefined) : [];
    if (missing.length > 0) losses.drop('repaired', `messages[${turn.place}]`);
    const answered = own.filter(({ result }) => resultsFirst && result !== undefined);
    const answers = own
      .filter((call) => answered.includes(call) || missing.includes(call))
      .map(answerTo);
    const blocks = resultsFirst ? turn.blocks.filter(isNoResult) : namedResults(turn, calls);
    const rest = { ...turn, blocks };
    if (answers.length === 0) return [rest];
    return [rest, { role: 'user' as const, blocks: answers, place: turn.place }];
  });
}

/** The calls of all turns with their results; a result answers the oldest unanswered call of its id. */
function matchResults(turns: readonly PlacedTurn[]): Call[] {
  const calls: Call[] = [];
  const open = new Map<string, Call[]>();
  for (const [turn, { blocks, place }] of turns.entries()) {
    for (const block of blocks) {
      if (block.type === 'tool_call') {
        const call: Call = { block, turn, result: undefined };
        calls.push(call);
        open.set(block.id, [...(open.get(block.id) ?? []), call]);
      }
      if (block.type !== 'tool_result') continue;
      const call = open.get(block.callId)?.shift();
      if (call === undefined) throw resultWithoutCall(block, place);
      call.result = block;
    }
  }
  return calls;
}

function resultWithoutCall({ callId }: ToolResultBlock, place: number): GatewayError {
  return new GatewayError(
    'invalid_request',
    `The tool result for \`${callId}\` does not match an earlier tool call.`,
    { param: `messages[${place}]` },
  );
}

function isNoResult({ type }: Block): boolean {
  return type !== 'tool_result';
}

function namedResults({ blocks }: PlacedTurn, calls: readonly Call[]): Block[] {
  return blocks.map((block) => {
    const call = calls.find(({ result }) => result === block);
    return call === undefined ? block : answerTo(call);
  });
}

function answerTo({ block, result }: Call): ToolResultBlock {
  const answer = result ?? {
    type: 'tool_result',
    callId: block.id,
    name: undefined,
    content: [textBlock(NO_RESULT)],
    isError: true,
    cache: undefined,
  };
  return { ...answer, name: block.name };
}
