/** What a request of the load is like. */
export interface BodyShape {
  model: string;
  /** The exact length of the body. */
  bytes: number;
  stream: boolean;
}

const PROSE = 'The quick brown fox jumps over the lazy dog while the band plays on. ';
/** Agents send files and tool output: full of the quotes and line ends that JSON escapes. */
const TURN = `import { join } from "node:path";
// Lines of a program are what most of an agent's conversation consists of.
export function readLevel(settings: Settings, fallback: Level): Level {
\tif (settings.level === "debug") return fallback;
\tthrow new RangeError(\`There is no level \${settings.level}; use one of the five.\`);
}
`.repeat(6);
const TURN_ROOM = 2_500;

/** A chat completion request of exactly that many bytes, in the shape that coding agents send. */
export function chatBody({ model, bytes, stream }: BodyShape): Buffer {
  const turns: { role: string; content: string }[] = [];
  const write = (lastContent: string) =>
    JSON.stringify({
      model,
      messages: [
        { role: 'system', content: 'You are a terse assistant.' },
        ...turns,
        { role: 'user', content: lastContent },
      ],
      temperature: 0.2,
      max_tokens: 512,
      // Asked for by the client, so that a proxy that meters has nothing to add or to hide.
      ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
    });
  const emptyBytes = Buffer.byteLength(write(''));
  const turnBytes = JSON.stringify({ role: 'assistant', content: TURN }).length + 1;
  const turnCount = Math.max(0, Math.floor((bytes - emptyBytes - TURN_ROOM) / turnBytes));
  for (let index = 0; index < turnCount; index += 1) {
    turns.push({ role: index % 2 === 0 ? 'user' : 'assistant', content: TURN });
  }
  const missing = bytes - Buffer.byteLength(write(''));
  return Buffer.from(write(PROSE.repeat(Math.ceil(missing / PROSE.length)).slice(0, missing)));
}
