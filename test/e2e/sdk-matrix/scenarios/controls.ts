import { ask } from '../question.ts';
import { CHAT, ENDS, GEMINI, MESSAGES, RESPONSES, type Scenario } from '../scenario.ts';

const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

/** A long prompt of its own for each pair, as caches are shared between them. */
const longText = (name: string) => `${name} `.repeat(Math.ceil(6_000 / name.length));

const REASONING = 'The question is read, its words are weighed, and an answer is chosen.';

const THINKING_ON = {
  [CHAT]: 'low',
  [RESPONSES]: { effort: 'low', summary: 'auto' },
  [MESSAGES]: { type: 'adaptive', display: 'summarized', effort: 'low' },
  [GEMINI]: { thinkingLevel: 'LOW', includeThoughts: true },
};

const THINKING_OFF = {
  [CHAT]: 'none',
  [RESPONSES]: { effort: 'none' },
  [MESSAGES]: { type: 'disabled', effort: undefined },
  [GEMINI]: { thinkingLevel: 'LOW' },
};

/** Where each client asked for little thinking, and for a stop. */
const EFFORT_FIELD = {
  [CHAT]: 'reasoning_effort',
  [RESPONSES]: 'reasoning.effort',
  [MESSAGES]: 'output_config.effort',
  [GEMINI]: 'generationConfig.thinkingConfig.thinkingLevel',
};
const STOP_FIELD = {
  [CHAT]: 'stop',
  [RESPONSES]: '',
  [MESSAGES]: 'stop_sequences',
  [GEMINI]: 'generationConfig.stopSequences',
};

/** APIs whose models here end an answer by themselves. */
const TAKES_STOPS: readonly string[] = [MESSAGES, GEMINI];

/** How an answer is to be. */
export const CONTROLS: Record<string, Scenario> = {
  'structured output': {
    question: { turns: ask('Give me a city.'), schema: SCHEMA },
    expected: ({ surface }) => ({
      answer: { text: '{"city":"city"}', finish: ENDS.stop[surface] },
      sent: { schema: SCHEMA, tools: [] },
    }),
  },
  'reasoning that is on': {
    question: { turns: ask('Think about it.'), reasoning: 'on' },
    expected: ({ upstream }) => ({
      answer: { reasoning: REASONING },
      sent: { thinking: THINKING_ON[upstream] },
    }),
  },
  'reasoning that is off': {
    question: { turns: ask('Just say it.'), reasoning: 'off' },
    expected: ({ surface, upstream }) => ({
      answer: { reasoning: '' },
      sent: {
        thinking:
          surface === GEMINI && upstream === GEMINI
            ? { thinkingBudget: 0 }
            : THINKING_OFF[upstream],
      },
      // Gemini 3 cannot but think a little.
      ...(upstream === GEMINI && { warnings: `clamped;field=${EFFORT_FIELD[surface]}` }),
    }),
  },
  'a stop sequence': {
    surfaces: [CHAT, MESSAGES, GEMINI],
    question: { turns: ask('[[reply One two SIX three]]'), stop: ['SIX'] },
    expected: ({ surface, upstream }) => {
      const isEmulated = surface !== upstream && !TAKES_STOPS.includes(upstream);
      // Gemini says no more than that the answer ended.
      const isTold = surface === MESSAGES && upstream !== GEMINI;
      return {
        answer: { text: 'One two ', finish: isTold ? 'stop_sequence' : ENDS.stop[surface] },
        sent: { stop: isEmulated ? undefined : ['SIX'] },
        ...(isEmulated && { warnings: `emulated;field=${STOP_FIELD[surface]}` }),
      };
    },
  },
  'tokens from the cache': {
    times: 2,
    question: ({ surface, upstream, stream }) => ({
      system: longText(`${surface} ${upstream} ${stream}`),
      isCached: true,
      turns: ask('Hello.'),
    }),
    expected: ({ surface, upstream }) => ({
      // Anthropic caches what is marked, the others what they have seen.
      isCached: upstream !== MESSAGES || surface === MESSAGES,
      ...(surface === MESSAGES && { warnings: 'dropped;field=cache_control' }),
    }),
  },
  'an answer cut short': {
    question: { turns: ask('[[tokens 60]] Tell me a story.'), maxTokens: 20 },
    expected: ({ surface }) => ({
      answer: { finish: ENDS.length[surface] },
      sent: { maxTokens: 20 },
    }),
  },
  'two answers at once': {
    surfaces: [CHAT, GEMINI],
    question: { turns: ask('Hello.'), n: 2 },
    expected: ({ surface, upstream, stream }) =>
      upstream === RESPONSES ||
      upstream === MESSAGES ||
      // Gemini streams one answer only.
      (surface !== GEMINI && upstream === GEMINI && stream)
        ? {
            error: {
              status: 400,
              message: /`(n|generationConfig\.candidateCount)` is not supported/,
            },
          }
        : { answer: { choices: 2 }, sent: { n: 2 } },
  },
};
