import { GatewayError } from '../../core/gateway-error.ts';
import type { Losses } from '../losses.ts';
import type { Block, ToolCallBlock, ToolResultBlock } from './chat-request.ts';
import type { PlacedTurn } from './normalize-turns.ts';
import { textBlock } from './text-block.ts';

/** A call of the conversation with its results. */
interface Call {
  block: ToolCallBlock;
  result: ToolResultBlock | undefined;
}

/** The calls of each turn, and the call that a result answers. */
interface Pairs {
  callsOf: Call[][];
  callFor: Map<Block, Call>;
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
  const { callsOf, callFor } = matchResults(turns);
  const lastReply = turns.findLastIndex(({ role }) => role !== 'assistant');
  return turns.flatMap((turn, index) => {
    const own = callsOf[index] ?? [];
    const isMissing = ({ result }: Call) => result === undefined && index < lastReply;
    if (own.some(isMissing)) losses.drop('repaired', `messages[${turn.place}]`);
    const answers = own
      .filter((call) => isMissing(call) || (resultsFirst && call.result !== undefined))
      .map(answerTo);
    const blocks = resultsFirst ? turn.blocks.filter(isNoResult) : namedResults(turn, callFor);
    const rest = { ...turn, blocks };
    if (answers.length === 0) return [rest];
    return [rest, { role: 'user' as const, blocks: answers, place: turn.place }];
  });
}

/** The calls of all turns with their results; a result answers the oldest open call of its id. */
function matchResults(turns: readonly PlacedTurn[]): Pairs {
  const callFor = new Map<Block, Call>();
  const byId = new Map<string, { calls: Call[]; answered: number }>();
  const callsOf = turns.map(({ blocks, place }) => {
    const own: Call[] = [];
    for (const block of blocks) {
      if (block.type === 'tool_call') {
        const call: Call = { block, result: undefined };
        own.push(call);
        const same = byId.get(block.id);
        if (same === undefined) byId.set(block.id, { calls: [call], answered: 0 });
        else same.calls.push(call);
      }
      if (block.type !== 'tool_result') continue;
      const same = byId.get(block.callId);
      const call = same?.calls[same.answered++];
      if (call === undefined) throw resultWithoutCall(block, place);
      call.result = block;
      callFor.set(block, call);
    }
    return own;
  });
  return { callsOf, callFor };
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

function namedResults({ blocks }: PlacedTurn, callFor: Pairs['callFor']): Block[] {
  return blocks.map((block) => {
    const call = callFor.get(block);
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
