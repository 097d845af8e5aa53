import type {
  Block,
  ChatRequest,
  ReasoningBlock,
  Signature,
  TextBlock,
  ToolCallBlock,
  ToolResultBlock,
  Turn,
} from '../../../src/dialects/ir/chat-request.ts';

/** A request of those turns alone. */
export function requestOf(turns: Turn[], system: TextBlock[] = []): ChatRequest {
  return {
    model: 'model',
    system,
    turns,
    tools: [],
    toolChoice: undefined,
    parallelToolCalls: undefined,
    reasoning: undefined,
    output: {
      format: undefined,
      maxTokens: undefined,
      verbosity: undefined,
      modalities: undefined,
    },
    sampling: {
      temperature: undefined,
      topP: undefined,
      topK: undefined,
      seed: undefined,
      presencePenalty: undefined,
      frequencyPenalty: undefined,
      logitBias: undefined,
    },
    stop: [],
    n: 1,
    logprobs: undefined,
    cache: { key: undefined, ttl: undefined, mark: undefined },
    tier: undefined,
    endUser: undefined,
    metadata: undefined,
    stream: false,
    includeUsage: false,
    extra: {},
  };
}

/** A user's turn; a string is a text. */
export function user(...blocks: (Block | string)[]): Turn {
  return turn('user', blocks);
}

/** The model's turn. */
export function assistant(...blocks: (Block | string)[]): Turn {
  return turn('assistant', blocks);
}

/** An instruction in mid-conversation. */
export function system(...blocks: (Block | string)[]): Turn {
  return turn('system', blocks);
}

export function text(words: string, extra: Partial<TextBlock> = {}): TextBlock {
  return { type: 'text', text: words, citations: [], cache: undefined, ...extra };
}

/** A call of the tool that is named for its id. */
export function call(id: string, signature?: Signature): ToolCallBlock {
  return {
    type: 'tool_call',
    id,
    name: `tool_${id}`,
    arguments: '{}',
    kind: 'function',
    signature,
    cache: undefined,
  };
}

/** An answer to a call; decoders of some dialects do not know the tool's name. */
export function result(callId: string, extra: Partial<ToolResultBlock> = {}): ToolResultBlock {
  return {
    type: 'tool_result',
    callId,
    name: undefined,
    content: [text(`result of ${callId}`)],
    isError: false,
    cache: undefined,
    ...extra,
  };
}

export function reasoning(words: string, signature?: Signature): ReasoningBlock {
  return { type: 'reasoning', text: words, kind: 'summary', signature };
}

/** What a conversation looks like: `user: hello [tool a]`. */
export function sketch(turns: readonly Turn[]): string[] {
  return turns.map(({ role, blocks }) => `${role}: ${blocks.map(sketchBlock).join(' ')}`);
}

function sketchBlock(block: Block): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'tool_call':
      return `call(${block.id})`;
    case 'tool_result':
      return `${block.isError ? 'error' : 'result'}(${block.callId})`;
    default:
      return block.type;
  }
}

function turn(role: Turn['role'], blocks: (Block | string)[]): Turn {
  return { role, blocks: blocks.map((block) => (typeof block === 'string' ? text(block) : block)) };
}
