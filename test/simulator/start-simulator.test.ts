import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { totalInput, totalOutput } from '../../src/core/token-usage.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { type Asked, ask, pickText, startFor } from './ask.ts';
import {
  DIALECTS,
  type DialectCase,
  type Question,
  readAnswer,
  SAMPLED_ARGUMENTS,
} from './dialect-cases.ts';

function put(simulator: Simulator, dialect: DialectCase, question: Question): Promise<Asked> {
  return ask(simulator, dialect.path(question.stream === true), dialect.request(question));
}

const question = fc.record(
  {
    text: fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('call get_weather and get_time', '[[tokens 37]]', '[[reply ✓ done]]'),
    ),
    system: fc.constantFrom('Be brief.', 'x'.repeat(5000)),
    stream: fc.boolean(),
    reasoning: fc.boolean(),
    maxTokens: fc.integer({ min: 1, max: 40 }),
    tools: fc.constant<string[]>(['get_weather', 'get_time']),
  },
  { requiredKeys: ['text', 'stream'] },
);

for (const dialect of DIALECTS) {
  describe(`CFG-9 the simulator, asked in ${dialect.name}`, () => {
    test('the fold of a stream equals the plain answer, usage included', async (t) => {
      const simulator = await startFor(t);
      await fc.assert(
        fc.asyncProperty(question, async (asked) => {
          // Asked once before, so that the cache is in the same state for both.
          await put(simulator, dialect, { ...asked, stream: false });
          const plain = await put(simulator, dialect, { ...asked, stream: false });
          const stream = await put(simulator, dialect, { ...asked, stream: true });
          assert.deepEqual(readAnswer(dialect, stream), readAnswer(dialect, plain));
        }),
        { numRuns: 25 },
      );
    });

    test('the bill is the sum of the usages reported', async (t) => {
      await fc.assert(
        fc.asyncProperty(fc.array(question, { maxLength: 5 }), async (questions) => {
          const simulator = await startFor(t);
          const sum = { input: 0, cached: 0, output: 0, reasoning: 0 };
          const answers = await Promise.all(questions.map((each) => put(simulator, dialect, each)));
          for (const answer of answers) {
            const { usage } = readAnswer(dialect, answer);
            sum.input += usage.input;
            sum.cached += usage.cached;
            sum.output += usage.output;
            sum.reasoning += usage.reasoning;
          }
          const { requests, byModel } = simulator.bill();
          assert.equal(requests, questions.length);
          const tokens = byModel['m']?.usage.tokens;
          const billed = tokens && {
            input: totalInput(tokens),
            cached: tokens.cacheReadText,
            output: totalOutput(tokens),
            reasoning: tokens.reasoning,
          };
          assert.deepEqual(billed ?? sum, sum);
        }),
        { numRuns: 15 },
      );
    });

    test('the same requests get the same bytes from two simulators', async (t) => {
      const simulators = [await startFor(t), await startFor(t)] as const;
      const asked = { text: 'Call get_weather.', tools: ['get_weather'], reasoning: true };
      for (const stream of [false, true]) {
        const [one, other] = await Promise.all(
          simulators.map((simulator) => put(simulator, dialect, { ...asked, stream })),
        );
        assert.equal(one?.text, other?.text);
      }
    });

    test('the default answer quotes the user, in several deltas', async (t) => {
      const simulator = await startFor(t);
      const answer = await put(simulator, dialect, { text: 'Good morning', stream: true });
      assert.match(readAnswer(dialect, answer).text, /You said: Good morning$/);
      assert.ok(answer.events.length > 8);
    });

    test('a fixed reply is the answer, and a directive wins over it', async (t) => {
      const simulator = await startFor(t, { reply: 'Forty-two.' });
      const fixed = await put(simulator, dialect, { text: 'What is it?' });
      const directed = await put(simulator, dialect, { text: 'What? [[reply Nothing.]]' });
      assert.equal(readAnswer(dialect, fixed).text, 'Forty-two.');
      assert.equal(readAnswer(dialect, directed).text, 'Nothing.');
    });

    test('[[tokens n]] makes an answer of exactly n tokens', async (t) => {
      const simulator = await startFor(t);
      const answer = await put(simulator, dialect, { text: '[[tokens 123]]', stream: true });
      assert.equal(readAnswer(dialect, answer).usage.output, 123);
    });

    test('reasoning is shown and counted when it is asked for', async (t) => {
      const simulator = await startFor(t);
      const without = readAnswer(dialect, await put(simulator, dialect, { text: 'Why?' }));
      const asked = { text: 'Why?', reasoning: true };
      const thought = readAnswer(dialect, await put(simulator, dialect, asked));
      assert.equal(without.reasoning, '');
      assert.equal(without.usage.reasoning, 0);
      assert.equal(thought.usage.reasoning, Math.ceil(thought.reasoning.length / 4));
      assert.equal(thought.usage.output, without.usage.output + thought.usage.reasoning);
    });

    test('tools that the text names are called in parallel, with sampled arguments', async (t) => {
      const simulator = await startFor(t);
      const tools = ['get_weather', 'get_time', 'send_mail'];
      const asked = { text: 'Use get_weather and get_time.', tools, stream: true };
      const reading = readAnswer(dialect, await put(simulator, dialect, asked));
      assert.deepEqual(reading.calls, [
        { name: 'get_weather', args: SAMPLED_ARGUMENTS },
        { name: 'get_time', args: SAMPLED_ARGUMENTS },
      ]);
      assert.equal(reading.text, '');
    });

    test('[[tool]] makes a call with the arguments given', async (t) => {
      const simulator = await startFor(t);
      const text = '[[tool get_weather {"city":"Paris"}]] [[tool get_time]]';
      const asked = { text, tools: ['get_weather', 'get_time'] };
      assert.deepEqual(readAnswer(dialect, await put(simulator, dialect, asked)).calls, [
        { name: 'get_weather', args: { city: 'Paris' } },
        { name: 'get_time', args: SAMPLED_ARGUMENTS },
      ]);
    });

    test('a tool choice is obeyed', async (t) => {
      const simulator = await startFor(t);
      const namesFor = async (toolChoice: string): Promise<string[]> => {
        const asked = { text: 'Hello get_time', tools: ['get_weather', 'get_time'], toolChoice };
        const { calls } = readAnswer(dialect, await put(simulator, dialect, asked));
        return calls.map(({ name }) => name);
      };
      assert.deepEqual(await namesFor('none'), []);
      assert.deepEqual(await namesFor('required'), ['get_time']);
      assert.deepEqual(await namesFor('get_weather'), ['get_weather']);
    });

    test('a JSON Schema is answered with JSON that fits it', async (t) => {
      const simulator = await startFor(t, { reply: 'not JSON' });
      const schema = { type: 'object', properties: { mood: { enum: ['good', 'bad'] } } };
      const answer = await put(simulator, dialect, { text: 'How are you?', schema });
      assert.deepEqual(JSON.parse(readAnswer(dialect, answer).text), { mood: 'good' });
    });

    test('the token limit cuts reasoning and text', async (t) => {
      const simulator = await startFor(t);
      for (const maxTokens of [5, 20]) {
        const asked = { text: 'Tell me all.', reasoning: true, maxTokens, stream: true };
        const reading = readAnswer(dialect, await put(simulator, dialect, asked));
        assert.equal(reading.usage.output, maxTokens);
        assert.match(reading.finish, /^(length|incomplete|max_tokens|MAX_TOKENS)$/);
      }
    });

    test('a prefix of 1,024 tokens or more that came before is reported as cached', async (t) => {
      const simulator = await startFor(t);
      const asked = { text: 'Hello', system: 'word'.repeat(1024) };
      const first = readAnswer(dialect, await put(simulator, dialect, asked));
      const second = readAnswer(dialect, await put(simulator, dialect, { ...asked, text: 'Bye' }));
      assert.equal(first.usage.cached, 0);
      // Messages caches only what is marked.
      assert.equal(second.usage.cached, dialect.name === 'anthropic-messages' ? 0 : 1024);
      assert.ok(second.usage.input > 1024);
    });

    test('a missing field and malformed JSON are refused with 400', async (t) => {
      const simulator = await startFor(t);
      const { status, body } = await ask(simulator, dialect.path(false), {
        model: 'm',
        max_tokens: 1,
      });
      assert.equal(status, 400);
      assert.match(pickText(body, dialect.errorMessage), /^Missing required parameter: '/);
      assert.equal((await ask(simulator, dialect.path(false), '{"model":')).status, 400);
      assert.equal(simulator.bill().requests, 0);
    });
  });
}
