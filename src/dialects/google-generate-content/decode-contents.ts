import type { Block, ToolResultBlock, Turn } from '../ir/chat-request.ts';
import { asText, type JsonObject } from '../json-object.ts';
import { invalidField } from '../read-fields.ts';
import { decodeParts, type PartSpot } from './decode-parts.ts';
import { member, optionalObjects } from './read-wire.ts';

/** Consecutive parts of one speaker. */
interface Speech {
  role: 'user' | 'assistant';
  path: string;
  spots: PartSpot[];
}

const ROLES: ReadonlyMap<string, Speech['role']> = new Map([
  ['user', 'user'],
  // Roles that results had before `user`. https://ai.google.dev/api/caching#Content
  ['function', 'user'],
  ['model', 'assistant'],
]);

/** The turns of a conversation; calls without an id get one, and results the id of their call. */
export function decodeContents(contents: unknown): Turn[] {
  const linker = createLinker();
  return readSpeeches(contents).map(({ role, path, spots }, turn) => {
    const blocks = decodeParts(spots);
    if (role === 'user') return { role, blocks: linker.answer(blocks, path) };
    const said = nameCalls(joinPieces(blocks), turn);
    linker.ask(said);
    return { role, blocks: said };
  });
}

/**
 * A client that stores a stream as it came has one content per chunk, so consecutive contents of the model are
 * one turn.
 */
function readSpeeches(contents: unknown): Speech[] {
  const speeches: Speech[] = [];
  const wires = optionalObjects(contents ?? undefined, 'contents');
  if (wires.length === 0) throw invalidField('contents', 'expected at least one content');
  for (const [index, content] of wires.entries()) {
    const path = `contents[${index}]`;
    const role = ROLES.get(asText(content['role']) ?? 'user');
    if (role === undefined) {
      throw invalidField(`${path}.role`, `unknown role \`${String(content['role'])}\``);
    }
    const spots = readSpots(content, path);
    const last = speeches.at(-1);
    if (role === 'assistant' && last?.role === role) last.spots.push(...spots);
    else speeches.push({ role, path, spots });
  }
  return speeches;
}

/** The parts of a content, with their places. */
export function readSpots(content: JsonObject, path: string): PartSpot[] {
  return optionalObjects(member(content, 'parts'), `${path}.parts`).map((part, index) => ({
    part,
    path: `${path}.parts[${index}]`,
  }));
}

/** Joins the pieces of one text or one thought; state ends a piece. */
function joinPieces(blocks: readonly Block[]): Block[] {
  const joined: Block[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    const whole = last && joinPair(last, block);
    if (whole === undefined) joined.push(block);
    else joined[joined.length - 1] = whole;
  }
  return joined;
}

function joinPair(first: Block, second: Block): Block | undefined {
  if (first.type === 'text' && second.type === 'text' && first.signature === undefined) {
    return { ...second, text: first.text + second.text };
  }
  if (first.type !== 'reasoning' || second.type !== 'reasoning') return undefined;
  const isOpen = first.signature === undefined && second.signature?.target !== 'prev';
  return isOpen ? { ...second, text: first.text + second.text } : undefined;
}

/** Ids come from the call's place, so that the same history always has the same ids. */
function nameCalls(blocks: readonly Block[], turn: number): Block[] {
  let count = 0;
  return blocks.map((block) => {
    if (block.type !== 'tool_call') return block;
    count += 1;
    return block.id === '' ? { ...block, id: `call_${turn}_${count}` } : block;
  });
}

/**
 * Finds the call of every result: by id, else the first unanswered call of that name, because clients may give
 * ids to results of calls that had none.
 */
function createLinker() {
  const known = new Set<string>();
  const open = new Set<string>();
  /** The ids of the latest calls by their tool, the first call last. */
  const idsOf = new Map<string | undefined, string[]>();

  const findCall = (result: ToolResultBlock, path: string): string => {
    if (known.has(result.callId)) return result.callId;
    const ids = idsOf.get(result.name);
    let id = ids?.pop();
    while (id !== undefined && !open.delete(id)) id = ids?.pop();
    if (id === undefined) {
      throw invalidField(path, `no call of \`${result.name}\` is left for its functionResponse`);
    }
    return id;
  };
  return {
    /** Remembers the calls of the model's latest turn, which are the ones to be answered. */
    ask(blocks: readonly Block[]): void {
      open.clear();
      idsOf.clear();
      for (const block of blocks.toReversed()) {
        if (block.type !== 'tool_call') continue;
        known.add(block.id);
        open.add(block.id);
        const ids = idsOf.get(block.name);
        if (ids === undefined) idsOf.set(block.name, [block.id]);
        else ids.push(block.id);
      }
    },
    /** The blocks with the id of the call in each result. */
    answer(blocks: readonly Block[], path: string): Block[] {
      for (const block of blocks) if (block.type === 'tool_result') open.delete(block.callId);
      return blocks.map((block) =>
        block.type === 'tool_result' ? { ...block, callId: findCall(block, path) } : block,
      );
    },
  };
}
