import type { DialectId } from '../dialect.ts';
import type { Block, ReasoningBlock, Signature } from '../ir/chat-request.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import { openSignature } from '../reasoning-envelope.ts';

/** A provider's state as a client sent it back. */
interface CarriedState {
  signature: Signature;
  /** The reasoning text that came with the state; undefined if the text is in `reasoning_content`. */
  text: string | undefined;
  /** The length of its text at the end of `reasoning_content`, if several states share that. */
  length: number | undefined;
  /** The call that it belongs to. */
  callId: string | undefined;
}

/**
 * Puts reasoning and its state back into an assistant's turn, from every field that clients are known
 * to keep them in: our own envelopes, and the native ones of OpenRouter and LiteLLM.
 * https://openrouter.ai/docs/use-cases/reasoning-tokens · https://docs.litellm.ai/docs/reasoning_content
 */
export function attachReasoning(message: JsonObject, blocks: readonly Block[]): Block[] {
  const states = readStates(message);
  const attached = [...blocks];
  const loose = states.filter((state) => !attachToNeighbor(attached, state));
  const text = asText(message['reasoning_content']) ?? asText(message['reasoning']) ?? '';
  return [...reasoningBlocks(loose, text), ...attached];
}

/** Google's state of a call, as its own compatible API or LiteLLM writes it. */
export function readThoughtSignature(call: JsonObject): Signature | undefined {
  // https://ai.google.dev/gemini-api/docs/thought-signatures
  const google = asObject(asObject(call['extra_content'])['google']);
  const value =
    asText(google['thought_signature']) ??
    asText(asObject(call['provider_specific_fields'])['thought_signature']);
  return value === undefined ? undefined : googleSignature(value);
}

function readStates(message: JsonObject): CarriedState[] {
  const blocks = asObjects(message['thinking_blocks']).flatMap(readThinkingBlock);
  const { thought_signatures } = asObject(message['provider_specific_fields']);
  const ofTexts = (Array.isArray(thought_signatures) ? thought_signatures : []).flatMap((each) => {
    const value = asText(each);
    return value === undefined ? [] : carried({ ...googleSignature(value), target: 'prev' });
  });
  // The three fields repeat one answer, so only one of them is read.
  const details = asObjects(message['reasoning_details']).flatMap(readDetail);
  return [details, blocks, ofTexts].find((states) => states.length > 0) ?? [];
}

function readThinkingBlock(block: JsonObject): CarriedState[] {
  const isRedacted = block['type'] === 'redacted_thinking';
  const value = asText(isRedacted ? block['data'] : block['signature']);
  if (value === undefined) return [];
  const signature = openSignature(value) ?? {
    dialect: 'anthropic-messages' as const,
    family: 'claude',
    kind: isRedacted ? ('redacted' as const) : ('sig' as const),
    value,
    target: 'self' as const,
  };
  return [{ ...carried(signature), text: asText(block['thinking']) ?? '' }];
}

/** The owner of the state in an OpenRouter item, by the item's format. */
const FORMATS: Readonly<Record<string, { dialect: DialectId; family: string }>> = {
  'anthropic-claude-v1': { dialect: 'anthropic-messages', family: 'claude' },
  'google-gemini-v1': { dialect: 'google-generate-content', family: 'gemini' },
  'openai-responses-v1': { dialect: 'openai-responses', family: 'gpt' },
};

function readDetail(item: JsonObject): CarriedState[] {
  const value = asText(item['data']) ?? asText(item['signature']);
  if (value === undefined) return [];
  const envelope = openSignature(value);
  const callId = asText(item['id']);
  if (envelope !== null) {
    const length = typeof item['length'] === 'number' ? item['length'] : undefined;
    return [{ ...carried(envelope), length, callId }];
  }
  const owner = FORMATS[String(item['format'])];
  if (owner === undefined) return [];
  const isText = item['type'] === 'reasoning.text';
  const signature = {
    ...owner,
    ...nativeState(owner.dialect, item, value),
    target: 'self' as const,
  };
  return [
    { ...carried(signature), text: isText ? (asText(item['text']) ?? '') : undefined, callId },
  ];
}

function nativeState(
  dialect: DialectId,
  item: JsonObject,
  value: string,
): Pick<Signature, 'kind' | 'value'> {
  if (dialect === 'openai-responses') {
    const { id } = item;
    return { kind: 'enc', value: JSON.stringify({ id, encrypted_content: value }) };
  }
  const isRedacted = dialect === 'anthropic-messages' && item['type'] === 'reasoning.encrypted';
  return { kind: isRedacted ? 'redacted' : 'sig', value };
}

function carried(signature: Signature): CarriedState {
  return { signature, text: undefined, length: undefined, callId: undefined };
}

function googleSignature(value: string): Signature {
  return (
    openSignature(value) ?? {
      dialect: 'google-generate-content',
      family: 'gemini',
      kind: 'sig',
      value,
      target: 'self',
    }
  );
}

/** Signs the call or text that the state belongs to; false if there is none. */
function attachToNeighbor(blocks: Block[], { signature, callId }: CarriedState): boolean {
  const index = findNeighbor(blocks, signature.target, callId);
  const block = blocks[index];
  if (block?.type !== 'tool_call' && block?.type !== 'text') return false;
  blocks[index] = { ...block, signature: { ...signature, target: 'self' } };
  return true;
}

function findNeighbor(
  blocks: readonly Block[],
  target: Signature['target'],
  callId: string | undefined,
): number {
  const named = blocks.findIndex(
    ({ type, ...block }) => type === 'tool_call' && hasId(block, callId),
  );
  if (named !== -1 || target === 'self') return named;
  if (target === 'prev') return blocks.findLastIndex(({ type }) => type === 'text');
  const firstCall = blocks.findIndex(({ type }) => type === 'tool_call');
  return firstCall === -1 ? blocks.findIndex(({ type }) => type === 'text') : firstCall;
}

function hasId(block: object, id: string | undefined): boolean {
  return id !== undefined && 'id' in block && block.id === id;
}

/**
 * The reasoning blocks before the answer. A text that several states share is divided from its end on, as each
 * state gives the length of its part; the first gets the rest.
 */
function reasoningBlocks(states: readonly CarriedState[], shared: string): ReasoningBlock[] {
  if (states.length === 0) {
    return shared === ''
      ? []
      : [{ type: 'reasoning', text: shared, kind: 'raw', signature: undefined }];
  }
  let rest = shared;
  const blocks: ReasoningBlock[] = [];
  for (const { signature, text, length } of [...states].reverse()) {
    const isRedacted = signature.kind === 'redacted';
    const start = length === undefined ? 0 : Math.max(0, rest.length - length);
    const own = isRedacted ? '' : (text ?? rest.slice(start));
    if (!isRedacted && text === undefined) rest = rest.slice(0, start);
    blocks.unshift({
      type: 'reasoning',
      text: own,
      kind: isRedacted ? 'redacted' : 'summary',
      signature,
    });
  }
  return blocks;
}
