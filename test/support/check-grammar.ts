import assert from 'node:assert/strict';
import type { StreamPart } from '../../src/dialects/ir/stream-part.ts';

/** How far the open block of a choice is: its deltas, its signature, its citations. */
type Stage = 'none' | 'whole' | 'deltas' | 'signature' | 'citations' | 'finished';

/** From which stages a part may come, and where it leads. */
const STEPS: Partial<Record<StreamPart['type'], { from: Stage[]; to: Stage }>> = {
  delta: { from: ['deltas'], to: 'deltas' },
  signature: { from: ['deltas'], to: 'signature' },
  citation: { from: ['deltas', 'signature', 'citations'], to: 'citations' },
  block_end: { from: ['whole', 'deltas', 'signature', 'citations'], to: 'none' },
  finish: { from: ['none'], to: 'finished' },
};

/**
 * Fails unless the parts follow the grammar in stream-part.ts. With `cut` the stream may stop anywhere,
 * as when its upstream died.
 */
export function checkGrammar(parts: readonly StreamPart[], { cut = false } = {}): void {
  const spoken = parts.filter(({ type }) => type !== 'ping');
  const stages = new Map<number, Stage>();
  for (const [index, part] of spoken.entries()) {
    const where = `part ${index} (${part.type})`;
    assert.equal(part.type === 'start', index === 0, `${where}: one start, in front`);
    if ('choice' in part) {
      stages.set(part.choice, nextStage(part, stages.get(part.choice) ?? 'none', where));
    }
  }
  const errors = spoken.filter(({ type }) => type === 'error');
  assert.ok(errors.length <= 1, 'more than one error');
  if (errors.length === 1) assert.equal(spoken.at(-1)?.type, 'error', 'an error ends everything');
  assert.ok(spoken.filter(({ type }) => type === 'usage').length <= 1, 'more than one usage');
  if (cut || errors.length === 1) return;
  assert.ok(stages.size > 0, 'no choice was finished');
  for (const [choice, stage] of stages) assert.equal(stage, 'finished', `choice ${choice}`);
}

function nextStage(part: StreamPart, stage: Stage, where: string): Stage {
  if (part.type === 'block_start') {
    assert.equal(stage, 'none', `${where}: blocks never overlap`);
    const isWhole = part.block.type === 'server_tool' || part.block.type === 'image';
    return isWhole ? 'whole' : 'deltas';
  }
  const step = STEPS[part.type];
  assert.ok(step, `${where} has no place in a block`);
  assert.ok(step.from.includes(stage), `${where} in a block at ${stage}`);
  return step.to;
}
