import type { AnswerSource } from '../dialect.ts';
import { asObject, asObjects, asText, isObject, type JsonObject } from '../json-object.ts';
import { decodeCustomInput, isNullText } from '../tool-input.ts';
import type { BlockRow, RowBlock } from './block-row.ts';
import { readArguments } from './decode-tool-calls.ts';

/** A call of one choice. */
interface OpenCall {
  /** How many calls came before it. */
  place: number;
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
  const calls: KnownCalls = { count: 0, last: undefined, byIndex: new Map(), byId: new Map() };

  const begin = ({ index, kind }: CallPiece): OpenCall => {
    const call = { place: calls.count, id: undefined, kind, block: row.begin(undefined) };
    calls.count += 1;
    calls.last = call;
    if (index !== undefined) calls.byIndex.set(index, call);
    return call;
  };

  const identify = (call: OpenCall, id: string | undefined): void => {
    if (id === undefined || call.id !== undefined) return;
    call.id = id;
    if (!calls.byId.has(id)) calls.byId.set(id, call);
  };

  const nameCall = (call: OpenCall, said: string): void => {
    const name = source.toolNames.get(said) ?? said;
    const isDisguised = call.kind === 'function' && source.customTools.has(name);
    const id = call.id ?? mintId(call.place);
    const kind = isDisguised ? 'custom' : call.kind;
    call.block.head = { type: 'tool_call', id, name, kind };
    if (isDisguised) call.block.reshape = decodeCustomInput;
  };

  const readPiece = (piece: CallPiece): void => {
    const call = findCall(calls, piece) ?? begin(piece);
    identify(call, piece.id);
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
      return calls.count;
    },
  };
}

/** `null`, and white space around it. */
const MOST_NULL_TEXT = 16;

/** Some servers write `null` where a call has no arguments; what may still become that waits. */
function holdNull(block: RowBlock): void {
  if (block.reshape !== undefined && block.reshape !== dropNull) return;
  // Looked at while it is short: arguments can be megabytes, in small pieces.
  const text = block.text.length > MOST_NULL_TEXT ? '' : block.text.trim();
  block.reshape = text !== '' && 'null'.startsWith(text) ? dropNull : undefined;
}

function dropNull(text: string): string {
  return isNullText(text) ? '' : text;
}

/** The calls so far: of several with one index the latest, with one id the first. */
interface KnownCalls {
  count: number;
  last: OpenCall | undefined;
  byIndex: Map<number, OpenCall>;
  byId: Map<string, OpenCall>;
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
function findCall(calls: KnownCalls, { index, id, name }: CallPiece): OpenCall | undefined {
  if (index === undefined) {
    if (id !== undefined) return calls.byId.get(id);
    return name === undefined ? calls.last : undefined;
  }
  const call = calls.byIndex.get(index);
  const isAnother = id !== undefined && name !== undefined && call?.id !== id;
  return isAnother && call?.block.head !== undefined ? undefined : call;
}
