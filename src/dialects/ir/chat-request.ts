import type { DialectId } from '../dialect.ts';

/** A chat request in a form that is neutral between the dialects. */
export interface ChatRequest {
  /** The slug for the upstream. */
  model: string;
  /** Leading instructions, in order; later ones are turns of role `system`. */
  system: TextBlock[];
  turns: Turn[];
  tools: Tool[];
  /** Undefined = the client said nothing. */
  toolChoice: ToolChoice | undefined;
  parallelToolCalls: boolean | undefined;
  reasoning: ReasoningControl | undefined;
  output: OutputControl;
  sampling: Sampling;
  stop: string[];
  /** Number of answers; 1 unless the client asks for more. */
  n: number;
  logprobs: { top: number } | undefined;
  cache: CacheControl;
  /** `auto`, `default`, `flex`, `priority`, `fast`, or another word verbatim. */
  tier: string | undefined;
  endUser: string | undefined;
  metadata: Record<string, string> | undefined;
  stream: boolean;
  /** The client wants usage in its stream (chat completions only; in other APIs streams always have it). */
  includeUsage: boolean;
  /** Dialect-specific fields that an encoder of the same family may still understand. */
  extra: Partial<Record<DialectId, Record<string, unknown>>>;
}

/** One speaker's turn; `system` is an instruction in the middle of a conversation. */
export interface Turn {
  role: 'user' | 'assistant' | 'system';
  blocks: Block[];
}

/** Any block of a turn. */
export type Block =
  | TextBlock
  | MediaBlock
  | DocumentBlock
  | ToolCallBlock
  | ToolResultBlock
  | ReasoningBlock
  | RefusalBlock
  | ServerToolBlock
  | OpaqueBlock;

/** A mark after which the provider may cache the prompt. */
export interface CacheMark {
  ttl: '5m' | '1h' | undefined;
}

export interface TextBlock {
  type: 'text';
  text: string;
  citations: Citation[];
  cache: CacheMark | undefined;
  /** Opaque state of this text (Google signs text parts). */
  signature?: Signature | undefined;
}

/** Image, audio or video. */
export interface MediaBlock {
  type: 'image' | 'audio' | 'video';
  source: MediaSource;
  /** `low`, `high`, `original` or `auto`, where the client chose. */
  detail: string | undefined;
  cache: CacheMark | undefined;
}

export interface DocumentBlock {
  type: 'document';
  source: MediaSource | { kind: 'text'; text: string };
  title: string | undefined;
  context: string | undefined;
  cache: CacheMark | undefined;
}

/** The source of media; `mime` may be unknown until the bytes are looked at. */
export type MediaSource =
  | { kind: 'base64'; mime: string | undefined; base64: string }
  | { kind: 'url'; url: string; mime: string | undefined }
  /** A file of one provider's account. */
  | { kind: 'file'; dialect: DialectId; id: string; mime: string | undefined };

/** A call that the model made. Arguments are the exact JSON text. */
export interface ToolCallBlock {
  type: 'tool_call';
  id: string;
  name: string;
  arguments: string;
  /** `custom` tools take free text: then `arguments` is that text. */
  kind: 'function' | 'custom';
  /** Opaque state bound to this call. */
  signature: Signature | undefined;
  cache: CacheMark | undefined;
}

export interface ToolResultBlock {
  type: 'tool_result';
  callId: string;
  /** The tool's name, if the dialect repeats it here. */
  name: string | undefined;
  content: (TextBlock | MediaBlock | DocumentBlock)[];
  isError: boolean;
  cache: CacheMark | undefined;
}

export interface ReasoningBlock {
  type: 'reasoning';
  text: string;
  /** `redacted` reasoning has no text, only its signature. */
  kind: 'summary' | 'raw' | 'redacted';
  signature: Signature | undefined;
}

export interface RefusalBlock {
  type: 'refusal';
  text: string;
}

/** A call of a tool that the provider ran itself, with its result. The pair stays together, or becomes text. */
export interface ServerToolBlock {
  type: 'server_tool';
  /** `web_search`, `web_fetch`, `code`, or the word that its dialect has for another tool. */
  tool: string;
  id: string;
  /** The input: the query of a search, or the code. */
  query: string;
  /** The results, as far as they are readable. */
  results: { title: string; url: string; text?: string }[];
  output: string | undefined;
  /** The blocks or items as their dialect wrote them, for that dialect alone. */
  native: { dialect: DialectId; raw: unknown[] };
}

/** Something that only its own dialect understands. */
export interface OpaqueBlock {
  type: 'opaque';
  dialect: DialectId;
  raw: unknown;
}

/** A provider's signed or encrypted state. It must be sent back unchanged, and to no other provider. */
export interface Signature {
  dialect: DialectId;
  /** Tag of the model family that made it; only that family may read it again. */
  family: string;
  kind: 'sig' | 'redacted' | 'enc' | 'summary+enc';
  /** Verbatim. For Responses: the JSON text of `{id, encrypted_content, summary?}`. */
  value: string;
  /** The block it belongs to: itself, the next one or the one before. */
  target: 'self' | 'next' | 'prev';
}

/** A source that the answer cites. Offsets count Unicode code points of the block's text. */
export interface Citation {
  start: number;
  end: number;
  url: string | undefined;
  title: string | undefined;
  citedText: string | undefined;
  /** As its dialect wrote it. */
  native: { dialect: DialectId; raw: unknown } | undefined;
}

/** The client's own name of a tool, where it differs from `name`, which is unique in the request (Responses). */
export interface NamespaceMember {
  /** Absent at the top level. */
  namespace?: string;
  name: string;
}

export interface FunctionTool {
  type: 'function';
  name: string;
  member?: NamespaceMember | undefined;
  /** A call of this tool returns tools that the client has not declared yet (Responses' `tool_search`). */
  findsTools?: boolean;
  description: string | undefined;
  /** JSON Schema; undefined = no parameters. */
  parameters: Record<string, unknown> | undefined;
  strict: boolean | undefined;
  cache: CacheMark | undefined;
  /** Paths, in the client's words, of fields that held only a hint, such as `defer_loading`. */
  hints: string[];
}

export interface CustomTool {
  type: 'custom';
  name: string;
  member?: NamespaceMember | undefined;
  description: string | undefined;
  /** Grammar or format, as written. */
  format: unknown;
}

/** A tool that the provider runs; settings that other dialects know are fields. */
export interface ServerTool {
  type: 'server';
  tool: 'web_search' | 'code' | 'web_fetch';
  allowedDomains: string[] | undefined;
  blockedDomains: string[] | undefined;
  maxUses: number | undefined;
  userLocation: Record<string, unknown> | undefined;
  contextSize: string | undefined;
  native: { dialect: DialectId; raw: unknown };
}

/** A tool that only its own dialect has. */
export interface NativeTool {
  type: 'native';
  /** The word of its type, for messages. */
  word: string;
  native: { dialect: DialectId; raw: unknown };
}

export type Tool = FunctionTool | CustomTool | ServerTool | NativeTool;

export type ToolChoice =
  | { mode: 'auto' | 'none' | 'required' }
  | { mode: 'named'; name: string; kind: 'function' | 'custom' }
  | { mode: 'allowed'; required: boolean; names: string[] }
  | { mode: 'server'; tool: ServerTool['tool'] };

export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** How much the model reasons, and how much of it is shown. */
export interface ReasoningControl {
  mode: 'off' | 'auto' | 'effort' | 'budget';
  effort: Effort | undefined;
  /** Tokens, with mode `budget`. */
  budget: number | undefined;
  expose: 'none' | 'summary' | 'full';
}

export interface OutputControl {
  format:
    | { type: 'text' }
    | { type: 'json' }
    | {
        type: 'schema';
        name: string | undefined;
        schema: Record<string, unknown>;
        strict: boolean | undefined;
        description: string | undefined;
      }
    | undefined;
  maxTokens: number | undefined;
  verbosity: string | undefined;
  /** `text`, `audio`, `image`; undefined = text alone. */
  modalities: string[] | undefined;
}

export interface Sampling {
  temperature: number | undefined;
  topP: number | undefined;
  topK: number | undefined;
  seed: number | undefined;
  presencePenalty: number | undefined;
  frequencyPenalty: number | undefined;
  logitBias: Record<string, number> | undefined;
}

/** Caching that is asked for the request as a whole. */
export interface CacheControl {
  key: string | undefined;
  ttl: string | undefined;
  /** The whole prompt is to be cached (Anthropic's top-level mark). */
  mark: CacheMark | undefined;
}
