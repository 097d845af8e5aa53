import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, pick, pickList, pickText, startFor } from '../ask.ts';

const PATH = '/v1beta/models/gemini:streamGenerateContent';

function content(text: string, fields: object = {}): object {
  return { contents: [{ role: 'user', parts: [{ text }] }], ...fields };
}

describe('CFG-9 generateContent', () => {
  test('a stream is SSE when asked for, else one JSON array', async (t) => {
    const simulator = await startFor(t);
    const sse = await ask(simulator, `${PATH}?alt=sse`, content('Hello'));
    const array = await ask(simulator, PATH, content('Hello'));
    assert.match(sse.text, /^data: \{.*\}\r\n\r\ndata: /);
    assert.match(array.headers.get('content-type') ?? '', /^application\/json/);
    assert.match(array.text, /^\[\{.*\},\r\n\{[\s\S]*\}\]$/);
    assert.equal(sse.events.length, array.events.length);
    assert.deepEqual(pick(sse.events[3], 'candidates'), pick(array.events[3], 'candidates'));
  });

  test('only the last chunk has usage and a finish reason, and it has a part', async (t) => {
    const simulator = await startFor(t);
    const { events } = await ask(simulator, PATH, content('Hello'));
    const last = events.at(-1);
    assert.equal(pick(last, 'candidates.0.finishReason'), 'STOP');
    assert.deepEqual(pick(last, 'candidates.0.content.parts'), [{ text: '' }]);
    assert.equal(pick(last, 'usageMetadata.totalTokenCount'), 13);
    for (const event of events.slice(0, -1)) {
      assert.equal(pick(event, 'usageMetadata'), undefined);
      assert.equal(pick(event, 'candidates.0.finishReason'), undefined);
      assert.equal(pick(event, 'responseId'), pick(last, 'responseId'));
    }
  });

  test('an error in an array stream is its only element', async (t) => {
    const simulator = await startFor(t);
    const { events } = await ask(simulator, PATH, content('[[fault error_in_200]]'));
    assert.equal(events.length, 1);
    assert.equal(pick(events[0], 'error.status'), 'UNAVAILABLE');
  });

  test('a thought carries its signature, unless a call does', async (t) => {
    const simulator = await startFor(t);
    const generationConfig = { thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true } };
    const partsOf = async (text: string): Promise<unknown[]> => {
      const asked = content(text, { generationConfig });
      const { body } = await ask(simulator, '/v1/models/gemini:generateContent', asked);
      return pickList(body, 'candidates.0.content.parts');
    };
    const [thought, text] = await partsOf('Hello');
    assert.equal(pick(thought, 'thought'), true);
    assert.ok(pickText(thought, 'thoughtSignature').length > 0);
    assert.equal(pick(text, 'thoughtSignature'), undefined);
    const [unsigned, first, second] = await partsOf('[[tool f {}]] [[tool g {}]]');
    assert.equal(pick(unsigned, 'thoughtSignature'), undefined);
    assert.ok(pickText(first, 'thoughtSignature').length > 0);
    assert.equal(pick(second, 'thoughtSignature'), undefined);
  });

  test('hidden thoughts are counted, and off when the budget is zero', async (t) => {
    const simulator = await startFor(t);
    const usageOf = async (thinkingConfig: object, path: string): Promise<unknown> => {
      const asked = content('Hello', { generationConfig: { thinkingConfig } });
      const { body, events } = await ask(simulator, path, asked);
      return pick(events.at(-1) ?? body, 'usageMetadata.thoughtsTokenCount');
    };
    const hidden = { includeThoughts: false, thinkingBudget: -1 };
    assert.equal(await usageOf(hidden, '/v1/models/gemini:generateContent'), 18);
    assert.equal(await usageOf(hidden, `${PATH}?alt=sse`), 18);
    assert.equal(await usageOf({ thinkingBudget: 0 }, PATH), undefined);
    assert.equal(simulator.bill().byModel['gemini']?.usage.tokens.reasoning, 36);
  });

  test('thoughts are shown on demand alone, and several candidates are given', async (t) => {
    const simulator = await startFor(t);
    const config = { candidateCount: 2, thinkingConfig: { thinkingBudget: -1 } };
    const asked = content('[[refuse No.]]', { generationConfig: config });
    const { body } = await ask(simulator, '/v1/models/gemini:generateContent', asked);
    const ends = pickList(body, 'candidates').map((candidate) => [
      pick(candidate, 'index'),
      pick(candidate, 'finishReason'),
      pick(candidate, 'finishMessage'),
    ]);
    assert.deepEqual(ends, [
      [0, 'SAFETY', 'No.'],
      [1, 'SAFETY', 'No.'],
    ]);
    assert.doesNotMatch(JSON.stringify(body), /"thought":true/);
  });

  test('fields may be written in snake case, and schemas in capitals', async (t) => {
    const simulator = await startFor(t);
    const response_schema = { type: 'OBJECT', properties: { n: { type: 'INTEGER' } } };
    const { body } = await ask(simulator, '/v1/models/gemini:generateContent', {
      system_instruction: { parts: [{ text: 'four' }] },
      contents: { parts: [{ text: 'Hello' }] },
      generation_config: { response_mime_type: 'application/json', response_schema },
    });
    assert.equal(pick(body, 'candidates.0.content.parts.0.text'), '{"n":1}');
    assert.equal(pick(body, 'usageMetadata.promptTokenCount'), 3);
  });
});
