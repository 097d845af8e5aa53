import type { ServerToolBlock } from '../ir/chat-request.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { asText, type JsonObject } from '../json-object.ts';
import { type BlockReader, CLOSING, opening, SKIPPED } from './block-readers.ts';
import {
  decodeLoneResult,
  decodeServerTool,
  isServerCall,
  isServerResult,
} from './server-tools.ts';

/** Reads calls of the provider's own tools; each is held until its result arrives. */
export function createServerPairs() {
  const held = new Map<unknown, JsonObject>();
  const show = (block: ServerToolBlock): StreamPart[] => [
    opening({ type: 'server_tool', block }),
    CLOSING,
  ];
  const holdCall = (call: JsonObject): BlockReader => {
    let json = '';
    return {
      start: () => [],
      delta({ partial_json: piece }) {
        json += asText(piece) ?? '';
        return [];
      },
      stop() {
        held.set(call['id'], json === '' ? call : { ...call, input: parseInput(json) });
        return [];
      },
    };
  };
  const showPair = (result: JsonObject): BlockReader => ({
    ...SKIPPED,
    start() {
      const id = result['tool_use_id'];
      const call = held.get(id);
      held.delete(id);
      return show(call === undefined ? decodeLoneResult(result) : decodeServerTool(call, result));
    },
  });
  return {
    /** The reader of a call or a result; undefined for other blocks. */
    open(block: JsonObject): BlockReader | undefined {
      if (isServerCall(block)) return holdCall(block);
      return isServerResult(block) ? showPair(block) : undefined;
    },
    /** Calls without a result, from an answer that paused. */
    rest: () => [...held.values()].flatMap((call) => show(decodeServerTool(call, undefined))),
  };
}

function parseInput(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}
