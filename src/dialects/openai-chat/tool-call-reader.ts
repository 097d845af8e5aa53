import type { AnswerSource } from '../dialect.ts';
import { asObject, asObjects, asText, isObject, type JsonObject } from '../json-object.ts';
import { decodeCustomInput, isNullText } from '../tool-input.ts';
import type { BlockRow, RowBlock } from './block-row.ts';
import { readArguments } from './decode-tool-calls.ts';

/** A call of one choice. */
interface OpenCall {
  index: number | undefined;
  id: string | undefined;
  kind: 'function' | 'custom';
  block: RowBlock;
}

/** A piece of a call as one chunk has it. */
interface CallPiece {
  index: number | undefined;
  id: string | undefined;
  name: string | undefined;
  text: string;
  kind: 'function' | 'custom';
  thoughtSignature: string | undefined;
}

/** Joins the pieces of parallel calls, however a server tells them apart. */
export interface ToolCallReader {
  read(delta: JsonObject): void;
  /** How many calls there were. */
  readonly count: number;
}

/** Facts about the answer that is read. */
interface CallContext {
  source: AnswerSource;
  row: BlockRow;
  /** An id for the n-th call, for servers that give none. */
  mintId(call: number): string;
}

/** A reader for one choice. */
export function createToolCallReader({ source, row, mintId }: CallContext): ToolCallReader {
  const calls: OpenCall[] = [];

  const begin = ({ index, id, kind }: CallPiece): OpenCall => {
    const call = { index, id, kind, block: row.begin(undefined) };
    calls.push(call);
    return call;
  };

  const nameCall = (call: OpenCall, said: string): void => {
    const name = source.toolNames.get(said) ?? said;
    const isDisguised = call.kind === 'function' && source.customTools.has(name);
    const id = call.id ?? mintId(calls.indexOf(call));
    const kind = isDisguised ? 'custom' : call.kind;
    call.block.head = { type: 'tool_call', id, name, kind };
    if (isDisguised) call.block.reshape = decodeCustomInput;
  };

  const readPiece = (piece: CallPiece): void => {
    const call = findCall(calls, piece) ?? begin(piece);
    call.id ??= piece.id;
    if (call.block.head === undefined && piece.name !== undefined) nameCall(call, piece.name);
    row.append(call.block, piece.text);
    if (call.kind === 'function') holdNull(call.block);
    const { thoughtSignature: value } = piece;
    if (value === undefined) return;
    const owner = { dialect: 'openai-chat', family: source.family } as const;
    call.block.signature = { ...owner, kind: 'sig', value, target: 'self' };
  };

  return {
    read(delta) {
      for (const call of asObjects(delta['tool_calls'])) readPiece(readCallPiece(call));
      const legacy = asObject(delta['function_call']);
      const isSaid = asText(legacy['name'] ?? legacy['arguments']) !== undefined;
      if (isSaid) readPiece(readCallPiece({ index: 0, function: legacy }));
    },
    get count() {
      return calls.length;
    },
  };
}

/** Some servers write `null` where a call has no arguments; what may still become that waits. */
function holdNull(block: RowBlock): void {
  if (block.reshape !== undefined && block.reshape !== dropNull) return;
  const text = block.text.trim();
  block.reshape = text !== '' && 'null'.startsWith(text) ? dropNull : undefined;
}

function dropNull(text: string): string {
  return isNullText(text) ? '' : text;
}

function readCallPiece(call: JsonObject): CallPiece {
  const { index } = call;
  // Only the first piece of a call says its type.
  const kind = call['type'] === 'custom' || isObject(call['custom']) ? 'custom' : 'function';
  const body = asObject(call[kind]);
  const google = asObject(asObject(call['extra_content'])['google']);
  return {
    index: typeof index === 'number' && index >= 0 ? index : undefined,
    id: asText(call['id']),
    name: asText(body['name']),
    text: readArguments(kind === 'custom' ? body['input'] : body['arguments']),
    kind,
    thoughtSignature: asText(google['thought_signature']),
  };
}

/**
 * The call that a piece continues. Some servers give every call the index 0, so a new id with a name is a new
 * call. Without an index a new id or a name is a new call, and any other piece belongs to the last one.
 */
function findCall(
  calls: readonly OpenCall[],
  { index, id, name }: CallPiece,
): OpenCall | undefined {
  if (index === undefined) {
    if (id !== undefined) return calls.find((call) => call.id === id);
    return name === undefined ? calls.at(-1) : undefined;
  }
  const call = calls.findLast((each) => each.index === index);
  const isAnother = id !== undefined && name !== undefined && call?.id !== id;
  return isAnother && call?.block.head !== undefined ? undefined : call;
}
