import { type Frame, frame, outputFrame, pieces, reasoningFrame } from '../frame.ts';
import type { ToolCall } from '../pick-calls.ts';
import type { Exchange } from './answer-prompt.ts';

type Block =
  | { type: 'thinking'; shown: string; hidden: string; signature: string }
  | { type: 'text'; text: string }
  | { type: 'tool_use'; call: ToolCall };

/** The content blocks of an answer: thinking, then text, then calls. */
export function makeBlocks({ prompt, answer, mint }: Exchange): Block[] {
  const blocks: Block[] = [];
  if (answer.reasoning !== '') {
    const isHidden = prompt.reasoning === 'hidden';
    blocks.push({
      type: 'thinking',
      shown: isHidden ? '' : answer.reasoning,
      hidden: isHidden ? answer.reasoning : '',
      signature: Buffer.from(mint('simulated thinking ')).toString('base64'),
    });
  }
  if (answer.text !== '') blocks.push({ type: 'text', text: answer.text });
  for (const call of answer.calls) blocks.push({ type: 'tool_use', call });
  return blocks;
}

/** A whole content block. */
export function encodeBlock(block: Block): object {
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking', thinking: block.shown, signature: block.signature };
    case 'text':
      return { type: 'text', text: block.text, citations: null };
    case 'tool_use':
      return { ...openToolUse(block.call), input: JSON.parse(block.call.argumentsJson) };
  }
}

/** The events of one content block, from its start to its stop. */
export function* writeBlock(
  block: Block,
  event: (type: string, fields: object) => string,
): Generator<Frame> {
  const start = (content_block: object): string => event('content_block_start', { content_block });
  const delta = (type: string, fields: object): string =>
    event('content_block_delta', { delta: { type, ...fields } });

  switch (block.type) {
    case 'thinking': {
      const { shown, hidden, signature } = block;
      yield frame(start({ type: 'thinking', thinking: '', signature: '' }));
      for (const thinking of pieces(shown)) {
        yield reasoningFrame(delta('thinking_delta', { thinking }), thinking);
      }
      // The signature stands for thoughts that are not shown.
      yield reasoningFrame(delta('signature_delta', { signature }), hidden);
      break;
    }
    case 'text':
      yield frame(start({ type: 'text', text: '', citations: null }));
      for (const text of pieces(block.text)) yield outputFrame(delta('text_delta', { text }), text);
      break;
    case 'tool_use':
      yield outputFrame(start(openToolUse(block.call)), block.call.name);
      for (const partial_json of pieces(block.call.argumentsJson)) {
        yield outputFrame(delta('input_json_delta', { partial_json }), partial_json);
      }
  }
  yield frame(event('content_block_stop', {}));
}

/** A call before its input. */
function openToolUse({ id, name }: ToolCall): object {
  return { type: 'tool_use', id, name, input: {}, caller: { type: 'direct' } };
}
