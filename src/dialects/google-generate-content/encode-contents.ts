import type {
  Block,
  ReasoningBlock,
  Signature,
  TextBlock,
  ToolCallBlock,
  Turn,
} from '../ir/chat-request.ts';
import { describeServerTool } from '../ir/describe-server-tool.ts';
import { asObject, type JsonObject } from '../json-object.ts';
import { belongsTo } from '../reasoning-envelope.ts';
import { encodeCustomInput, encodeToolInput } from '../tool-input.ts';
import type { ContentTarget } from './content-target.ts';
import { encodeDocument, encodeMedia } from './encode-media.ts';
import { encodeToolResults } from './encode-tool-results.ts';
import { GOOGLE } from './read-wire.ts';
import { signCurrentTurn } from './sign-current-turn.ts';

/** The turns as contents. */
export function encodeContents(turns: readonly Turn[], target: ContentTarget): JsonObject[] {
  const contents = turns.map(({ role, blocks }) =>
    role === 'assistant'
      ? { role: 'model', parts: blocks.flatMap((block) => encodePart(block, target)) }
      : { role: 'user', parts: encodeUserParts(blocks, target) },
  );
  const spoken = contents.filter(({ parts }) => parts.length > 0);
  if (target.caps.require_thought_signature && signCurrentTurn(spoken)) {
    target.losses.drop('bypassed', 'thought_signature');
  }
  return spoken;
}

function encodeUserParts(blocks: readonly Block[], target: ContentTarget): JsonObject[] {
  const results = blocks.filter((block) => block.type === 'tool_result');
  const said = blocks.filter((block) => block.type !== 'tool_result');
  return [
    ...encodeToolResults(results, target),
    ...said.flatMap((block) => encodePart(block, target)),
  ];
}

function encodePart(block: Block, target: ContentTarget): JsonObject[] {
  switch (block.type) {
    case 'text':
      return encodeText(block, target);
    case 'refusal':
      return block.text === '' ? [] : [{ text: block.text }];
    case 'image':
    case 'audio':
    case 'video':
      return [encodeMedia(block, target)];
    case 'document':
      return encodeDocument(block, target);
    case 'tool_call':
      return [encodeCall(block, target)];
    case 'tool_result':
      return encodeToolResults([block], target);
    case 'reasoning':
      return encodeThought(block, target);
    case 'server_tool':
      return block.native.dialect === GOOGLE
        ? (block.native.raw as JsonObject[])
        : [{ text: describeServerTool(block) }];
    case 'opaque':
      if (block.dialect !== GOOGLE) throw target.losses.refuse('messages');
      return [asObject(block.raw)];
  }
}

/** An empty text is kept if it carries state, else it is dropped. */
function encodeText({ text, signature }: TextBlock, target: ContentTarget): JsonObject[] {
  const state = encodeState(signature, target);
  return text === '' && state['thoughtSignature'] === undefined ? [] : [{ text, ...state }];
}

function encodeCall(block: ToolCallBlock, target: ContentTarget): JsonObject {
  const { input: args, isWrapped } =
    block.kind === 'custom'
      ? { input: encodeCustomInput(block.arguments), isWrapped: false }
      : encodeToolInput(block.arguments);
  if (isWrapped) target.losses.drop('wrapped', 'tool_call.arguments');
  const id = target.caps.tool_call_ids ? { id: block.id } : {};
  return {
    functionCall: { ...id, name: target.names.fit(block.name), args },
    ...encodeState(block.signature, target),
  };
}

/** Reasoning is sent back signed or not at all: its text alone is no substitute. */
function encodeThought({ text, signature }: ReasoningBlock, target: ContentTarget): JsonObject[] {
  const state = encodeState(signature, target);
  if (state['thoughtSignature'] === undefined) return [];
  return [text === '' ? { text, ...state } : { text, thought: true, ...state }];
}

function encodeState(signature: Signature | undefined, { family }: ContentTarget): JsonObject {
  const isOwn = belongsTo(signature, { dialect: GOOGLE, family });
  return isOwn ? { thoughtSignature: signature.value } : {};
}
