import type { IncomingHttpHeaders } from 'node:http';
import { type Fault, parseFault } from './fault.ts';
import { asNumber } from './json-object.ts';

/** A tool call that the user's text asks for. */
export interface OrderedCall {
  name: string;
  /** Null = sampled from the tool's schema. */
  argumentsJson: string | null;
}

/** What one request asks of the simulator, overriding its settings. */
export interface Overrides {
  fault: Fault | null;
  /** The answer's text; null = composed. */
  reply: string | null;
  /** Text of a refusal that replaces the answer; null = no refusal. */
  refusal: string | null;
  /** The length of the answer in tokens. */
  tokens: number | null;
  /** The tools to be called, in order. */
  calls: OrderedCall[];
  /** Override the settings of the same name; null = as set. */
  ttftMs: number | null;
  tokensPerSecond: number | null;
  /** The user's text without the directives. */
  userText: string;
}

/** Of several closing brackets in a row only the last two end the directive. */
const DIRECTIVE = /\[\[(fault|reply|refuse|tokens|tool|ttft|speed)\s+([\s\S]*?)\]\](?!\])/g;

/**
 * Reads what a request asks of the simulator. In the last user text, which passes through a proxy:
 *
 * | directive | effect |
 * |---|---|
 * | `[[reply Any text.]]` | that answer |
 * | `[[refuse I cannot help with that.]]` | a refusal in these words |
 * | `[[tokens 200]]` | an answer of exactly 200 tokens |
 * | `[[tool get_weather {"city":"Paris"}]]` | a call with these arguments; without them, sampled from the schema; several directives make parallel calls |
 * | `[[fault status=503]]`, `truncate`, `error_in_200`, `hang` | that fault |
 * | `[[ttft 300]]` | milliseconds before the first content |
 * | `[[speed 50]]` | tokens per second; 0 = at once |
 *
 * Or as headers: `x-simulator-reply`, `-fault`, `-ttft-ms`, `-tokens-per-second`. The text wins.
 */
export function readOverrides(text: string, headers: IncomingHttpHeaders): Overrides {
  const directives = [...text.matchAll(DIRECTIVE)].map(([, name, value = '']) => ({
    name,
    value: value.trim(),
  }));
  const directive = (name: string): string | undefined =>
    directives.findLast((entry) => entry.name === name)?.value;
  const header = (name: string): string | undefined => headers[`x-simulator-${name}`]?.toString();

  return {
    fault: parseFault(directive('fault') ?? header('fault') ?? ''),
    reply: directive('reply') ?? header('reply') ?? null,
    refusal: directive('refuse') ?? null,
    tokens: asNumber(directive('tokens')),
    calls: directives.filter(({ name }) => name === 'tool').map(({ value }) => readCall(value)),
    ttftMs: asNumber(directive('ttft') ?? header('ttft-ms')),
    tokensPerSecond: asNumber(directive('speed') ?? header('tokens-per-second')),
    userText: text.replace(DIRECTIVE, '').trim(),
  };
}

/** Arguments that are not a JSON object are not sent: some dialects need an object. */
function readCall(value: string): OrderedCall {
  const [, name = '', argumentsJson = ''] = /^(\S+)\s*([\s\S]*)$/.exec(value) ?? [];
  return { name, argumentsJson: isJsonObject(argumentsJson) ? argumentsJson : null };
}

function isJsonObject(text: string): boolean {
  try {
    JSON.parse(text);
    return text.startsWith('{');
  } catch {
    return false;
  }
}
