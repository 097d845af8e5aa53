import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Operation, operationFacts } from '../../src/dialects/operation.ts';
import { INVALID_ANSWER, isOddStream } from '../support/odd-streams.ts';
import { recordings } from '../support/recordings.ts';
import { assertFaithful, replay } from '../support/replay.ts';

const answers = recordings().filter(({ status, id }) => status === 200 && !isOddStream(id));

const DIALECTS: [clause: string, name: string, operations: Operation[]][] = [
  ['API-1', 'chat completions', ['chat']],
  ['API-1', 'Responses', ['responses']],
  ['API-2', 'Anthropic messages', ['messages']],
  ['API-3', 'Gemini', ['generate_content', 'stream_generate_content']],
];

const isDialect = ({ operation }: { operation: Operation }) =>
  DIALECTS.some(([, , operations]) => operations.includes(operation));

describe('recorded answers through the proxy', () => {
  for (const [clause, name, operations] of DIALECTS) {
    test(`${clause}, LED-6: every ${name} answer passes byte for byte and is billed as reported`, async (t) => {
      const recorded = answers.filter(({ operation }) => operations.includes(operation));
      for (const reply of await replay(t, recorded)) {
        assertFaithful(reply);
        const { recording, line } = reply;
        const source = recording.expectedUsage === null ? 'estimated' : 'reported';
        assert.equal(line['usage_source'], source, recording.id);
        assert.notEqual(line['cost_nanos_usd'], null, recording.id);
      }
    });
  }

  test('FAI-1: an object that is no answer is the upstream’s failure', async (t) => {
    const [reply] = await replay(
      t,
      recordings().filter(({ id }) => id === INVALID_ANSWER),
    );
    assert.deepEqual(
      [reply?.status, reply?.line['error_code']],
      [502, 'upstream_invalid_response'],
    );
  });

  test('API-1, API-3: embeddings, images, audio and token counts pass byte for byte', async (t) => {
    const others = await replay(
      t,
      answers.filter((recording) => !isDialect(recording)),
    );
    for (const reply of others) assertFaithful(reply);
    const sources = others.map(({ recording, line }) => [
      recording.operation,
      line['usage_source'],
    ]);
    assert.deepEqual(Object.fromEntries(sources), {
      embeddings: 'reported',
      batch_embed_contents: 'estimated',
      image_generations: 'reported',
      transcriptions: 'reported',
      // Only the recording's length would tell, which this answer does not hold.
      translations: 'none',
      messages_count_tokens: 'none',
      count_tokens: 'none',
    });
  });

  test('RES-6: the upstream sees the recorded requests with nothing changed but the model', async (t) => {
    const asked = answers.filter(({ request }) => request !== undefined);
    for (const { recording, sent, seen, line } of await replay(t, asked)) {
      if (operationFacts(recording.operation).body === 'multipart') continue;
      const expected = sent
        .replace(/"replay\/\d+"/, `"${line['slug']}"`)
        .replace(/"models\/[^"]*"/, `"models/${line['slug']}"`);
      assert.equal(seen.body.toString(), expected, recording.id);
    }
  });
});
