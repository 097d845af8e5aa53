import type { Block, TextBlock, ToolResultBlock, Turn } from '../ir/chat-request.ts';
import { asText, type JsonObject } from '../json-object.ts';
import { onlyNativeTo } from '../losses.ts';
import { invalidField, requireObjects, requireText } from '../read-fields.ts';
import { CONTENT_PARTS, decodeContent, decodeTexts } from './decode-content.ts';
import { attachReasoning } from './decode-reasoning.ts';
import { decodeToolCalls, legacyCallId } from './decode-tool-calls.ts';
import { readCacheMark } from './read-wire.ts';

/** The parts that a list of messages is read into. */
interface Conversation {
  system: TextBlock[];
  turns: Turn[];
  /** Names of speakers by path: no other dialect has them. */
  names: JsonObject;
  /** Index of the last assistant turn; -1 before the first. */
  lastAnswer: number;
}

/** One message and its path. */
interface MessageSpot {
  message: JsonObject;
  path: string;
}

type RoleReader = (conversation: Conversation, spot: MessageSpot) => void;

const ROLES: Readonly<Record<string, RoleReader>> = {
  system: readInstruction,
  developer: readInstruction,
  user: readUser,
  assistant: readAssistant,
  tool: readToolResult,
  function: readFunctionResult,
};

/** Reads the messages of a request: leading instructions are kept apart, the others become turns. */
export function decodeMessages(value: unknown): Conversation {
  const messages = requireObjects(value, 'messages');
  if (messages.length === 0) throw invalidField('messages', 'expected at least one message');
  const conversation: Conversation = { system: [], turns: [], names: {}, lastAnswer: -1 };
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    const read = ROLES[String(message['role'])];
    if (read === undefined) {
      throw invalidField(`${path}.role`, `unknown role \`${String(message['role'])}\``);
    }
    read(conversation, { message, path });
  }
  return conversation;
}

function readInstruction(conversation: Conversation, spot: MessageSpot): void {
  const texts = decodeTexts(spot.message['content'], `${spot.path}.content`);
  noteName(conversation, spot);
  if (conversation.turns.length === 0) conversation.system.push(...texts);
  else addTurn(conversation, 'system', texts);
}

function readUser(conversation: Conversation, spot: MessageSpot): void {
  noteName(conversation, spot);
  const { message, path } = spot;
  addTurn(
    conversation,
    'user',
    decodeContent(message['content'], `${path}.content`, CONTENT_PARTS),
  );
}

const ASSISTANT_PARTS = {
  ...CONTENT_PARTS,
  refusal: (part: JsonObject, path: string): Block => ({
    type: 'refusal',
    text: requireText(part['refusal'], `${path}.refusal`),
  }),
  // https://docs.mistral.ai/capabilities/reasoning/
  thinking: (part: JsonObject, path: string): Block => ({
    type: 'reasoning',
    text: decodeTexts(part['thinking'], `${path}.thinking`)
      .map(({ text }) => text)
      .join(''),
    kind: 'raw',
    signature: undefined,
  }),
};

function readAssistant(conversation: Conversation, spot: MessageSpot): void {
  const { message, path } = spot;
  noteName(conversation, spot);
  if (message['audio']) throw onlyNativeTo('Chat Completions', `${path}.audio`);
  const blocks: Block[] = decodeContent(message['content'], `${path}.content`, ASSISTANT_PARTS);
  const refusal = asText(message['refusal']);
  if (refusal !== undefined) blocks.push({ type: 'refusal', text: refusal });
  blocks.push(...decodeToolCalls(message, path, conversation.turns.length));
  addTurn(conversation, 'assistant', attachReasoning(message, blocks));
}

/** The results of one message's calls are one turn, because they are one batch. */
function readToolResult(conversation: Conversation, { message, path }: MessageSpot): void {
  addResult(conversation, {
    callId: requireText(message['tool_call_id'], `${path}.tool_call_id`),
    name: asText(message['name']),
    content: decodeContent(message['content'], `${path}.content`, CONTENT_PARTS),
    cache: readCacheMark(message),
  });
}

/** Calls of the older `functions` have no id: the result belongs to the call of the last assistant turn. */
function readFunctionResult(conversation: Conversation, { message, path }: MessageSpot): void {
  addResult(conversation, {
    callId: legacyCallId(conversation.lastAnswer),
    name: requireText(message['name'], `${path}.name`),
    content: decodeContent(message['content'], `${path}.content`, CONTENT_PARTS),
    cache: undefined,
  });
}

function addResult(
  { turns }: Conversation,
  result: Pick<ToolResultBlock, 'callId' | 'name' | 'content' | 'cache'>,
): void {
  const block: ToolResultBlock = { type: 'tool_result', ...result, isError: false };
  const last = turns.at(-1);
  // No message of another role holds a result.
  if (last?.blocks[0]?.type === 'tool_result') last.blocks.push(block);
  else turns.push({ role: 'user', blocks: [block] });
}

function addTurn(conversation: Conversation, role: Turn['role'], blocks: Block[]): void {
  if (blocks.length === 0) return;
  const length = conversation.turns.push({ role, blocks });
  if (role === 'assistant') conversation.lastAnswer = length - 1;
}

function noteName({ names }: Conversation, { message, path }: MessageSpot): void {
  const name = asText(message['name']);
  if (name !== undefined) names[`${path}.name`] = name;
}
