import type {
  Block,
  ReasoningBlock,
  Signature,
  ToolCallBlock,
  ToolResultBlock,
} from '../ir/chat-request.ts';
import { textBlock } from '../ir/text-block.ts';
import { asText, isObject, type JsonObject } from '../json-object.ts';
import { sourceText } from '../raw-json.ts';
import { invalidField, requireObject, requireText } from '../read-fields.ts';
import { findMember, scanJson } from '../scan-json.ts';
import { decodeFileData, decodeInlineData } from './decode-media.ts';
import { member, optionalObjects } from './read-wire.ts';
import { decodeServerParts, isPair, isServerPart } from './server-parts.ts';
import { isNative, readSignature } from './signatures.ts';

/** A part of a conversation and its place in the body. */
export interface PartSpot {
  part: JsonObject;
  path: string;
}

type PartReader = (part: JsonObject, path: string) => Block[];

/** Readers by the member that holds the part's content. */
const READERS: readonly (readonly [name: string, read: PartReader])[] = [
  ['functionCall', readFunctionCall],
  ['functionResponse', readFunctionResponse],
  ['inlineData', (part, path) => [decodeInlineData(part, path)]],
  ['fileData', (part, path) => [decodeFileData(part, path)]],
  ['text', readText],
  // Some streams end with state in a part of its own.
  ['thoughtSignature', readText],
];

/** The blocks of one speaker's parts. Calls and results without an id get an empty one. */
export function decodeParts(spots: readonly PartSpot[]): Block[] {
  const blocks: Block[] = [];
  for (let index = 0; index < spots.length; index += 1) {
    const { part, path } = spots[index] as PartSpot;
    if (!isServerPart(part)) {
      blocks.push(...decodePart(part, path));
      continue;
    }
    const next = spots[index + 1]?.part;
    const pair = next !== undefined && isPair(part, next) ? [part, next] : [part];
    blocks.push(decodeServerParts(pair));
    index += pair.length - 1;
  }
  return blocks;
}

function decodePart(part: JsonObject, path: string): Block[] {
  const read = READERS.find(([name]) => member(part, name) !== undefined)?.[1];
  if (read === undefined) {
    throw invalidField(path, `unknown part with \`${Object.keys(part).join('`, `')}\``);
  }
  return read(part, path);
}

/** Empty text is dropped unless it carries state. */
function readText(part: JsonObject, path: string): Block[] {
  const text = requireText(member(part, 'text') ?? '', `${path}.text`);
  const signature = readSignature(member(part, 'thoughtSignature'));
  if (part['thought'] === true) {
    return text === '' && signature === undefined ? [] : [thought(text, signature, 'self')];
  }
  if (text !== '') {
    return withState((own) => ({ ...textBlock(text), ...(own && { signature: own }) }), signature);
  }
  if (signature === undefined) return [];
  const isBehind = isNative(signature) || signature.target === 'prev';
  return [thought('', signature, isBehind ? 'prev' : 'self')];
}

function readFunctionCall(part: JsonObject, path: string): Block[] {
  const call = requireObject(member(part, 'functionCall'), `${path}.functionCall`);
  const block: ToolCallBlock = {
    type: 'tool_call',
    id: asText(call['id']) ?? '',
    name: requireText(call['name'], `${path}.functionCall.name`),
    arguments: sourceText(call['args'] ?? {}),
    kind: 'function',
    signature: undefined,
    cache: undefined,
  };
  const signature = readSignature(member(part, 'thoughtSignature'));
  return withState((own) => ({ ...block, signature: own }), signature);
}

/** Adds state: the block's own, or that of the thoughts before or behind it. */
function withState(
  write: (own: Signature | undefined) => Block,
  signature: Signature | undefined,
): Block[] {
  switch (signature?.target) {
    case 'next':
      return [thought('', signature, 'self'), write(undefined)];
    case 'prev':
      return [write(undefined), thought('', signature, 'self')];
    default:
      return [write(signature)];
  }
}

function thought(
  text: string,
  signature: Signature | undefined,
  target: Signature['target'],
): ReasoningBlock {
  const kind = signature?.kind === 'redacted' ? 'redacted' : 'summary';
  return { type: 'reasoning', kind, text, signature: signature && { ...signature, target } };
}

function readFunctionResponse(part: JsonObject, path: string): Block[] {
  const place = `${path}.functionResponse`;
  const wire = requireObject(member(part, 'functionResponse'), place);
  const { text, isError } = readOutcome(wire['response']);
  const media = optionalObjects(member(wire, 'parts'), `${place}.parts`).flatMap((each, index) =>
    decodePart(each, `${place}.parts[${index}]`).map((block) => asResultContent(block, place)),
  );
  return [
    {
      type: 'tool_result',
      callId: asText(wire['id']) ?? '',
      name: asText(wire['name']),
      content: text === '' ? media : [textBlock(text), ...media],
      isError,
      cache: undefined,
    },
  ];
}

function asResultContent(block: Block, path: string): ToolResultBlock['content'][number] {
  switch (block.type) {
    case 'text':
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      return block;
    default:
      throw invalidField(`${path}.parts`, `a result cannot hold a \`${block.type}\``);
  }
}

/** `output` and `error` have a meaning if they are the only member; any other response is itself the result. */
function readOutcome(response: unknown): { text: string; isError: boolean } {
  if (response === undefined || response === null) return { text: '', isError: false };
  const json = sourceText(response);
  const [only, ...others] = isObject(response) ? Object.keys(response) : [];
  if (others.length > 0 || (only !== 'output' && only !== 'error')) {
    return { text: json, isError: false };
  }
  return { text: readValue(json, only), isError: only === 'error' };
}

/** The member's value: a string as it is, anything else as the JSON that was sent. */
function readValue(json: string, key: string): string {
  const bytes = Buffer.from(json);
  const span = findMember(scanJson(bytes), key)?.value;
  const text = bytes.toString('utf8', span?.start, span?.end);
  return text.startsWith('"') ? String(JSON.parse(text)) : text;
}
