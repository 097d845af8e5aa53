import { ask, PDF, PNG, type Question } from '../question.ts';
import { CHAT, ENDS, GEMINI, MESSAGES, RESPONSES, type Scenario } from '../scenario.ts';

const WORDS = 'Grüß Gott, 世界 😀!';

const IMAGE = `<image/png ${PNG.length}>`;

const TOOLS = ['get_weather', 'get_time'];

const CALLS = [
  { id: 'call_a', name: 'get_weather', city: 'Paris' },
  { id: 'call_b', name: 'get_time', city: 'Oz' },
];

const HISTORY = [
  { user: ['Where is it warm?'] },
  { assistant: 'Let me look.', calls: CALLS },
] satisfies Question['turns'];

const CALLED =
  'assistant: Let me look. | call get_weather {"city":"Paris"} | call get_time {"city":"Oz"}';

/** APIs that have a flag for a tool that failed; the others say it in words. */
const FLAGS_ERRORS: readonly string[] = [MESSAGES, GEMINI];

/** Gemini 3 wants the state of its calls back, which nobody else has. */
const bypassed = (upstream: string) =>
  upstream === GEMINI ? { warnings: 'bypassed;field=thought_signature' } : {};

/** What is said, called and shown. */
export const CONVERSATIONS: Record<string, Scenario> = {
  text: {
    question: { system: 'Be kind.', turns: ask(`Say hello. [[reply ${WORDS}]]`) },
    expected: ({ surface }) => ({
      answer: { text: WORDS, reasoning: '', calls: [], finish: ENDS.stop[surface] },
      sent: { system: 'Be kind.', turns: [`user: Say hello. [[reply ${WORDS}]]`], tools: [] },
    }),
  },
  'two parallel tool calls': {
    question: {
      turns: ask('[[tool get_weather {"city":"Zürich"}]] [[tool get_time {"city":"Rome"}]]'),
      tools: TOOLS,
    },
    expected: ({ surface }) => ({
      answer: {
        text: '',
        calls: [
          { id: '', name: 'get_weather', args: { city: 'Zürich' } },
          { id: '', name: 'get_time', args: { city: 'Rome' } },
        ],
        finish: ENDS.tools[surface],
      },
      sent: { tools: TOOLS },
    }),
  },
  'a forced tool call': {
    question: { turns: ask('What is the weather?'), tools: TOOLS, mustCall: true },
    expected: ({ surface }) => ({
      answer: {
        calls: [{ id: '', name: 'get_weather', args: { city: 'city' } }],
        finish: ENDS.tools[surface],
      },
      sent: { tools: TOOLS },
    }),
  },
  'tool results, one of them an error': {
    question: {
      turns: [
        ...HISTORY,
        {
          results: [
            { id: 'call_a', name: 'get_weather', text: 'Sunny' },
            { id: 'call_b', name: 'get_time', text: 'Error: no such place', isError: true },
          ],
        },
      ],
      tools: TOOLS,
    },
    expected: ({ surface, upstream }) => {
      const isFlagged = FLAGS_ERRORS.includes(surface) && FLAGS_ERRORS.includes(upstream);
      const word = isFlagged ? 'error' : 'result';
      return {
        answer: { calls: [], finish: ENDS.stop[surface] },
        sent: {
          turns: [
            'user: Where is it warm?',
            CALLED,
            `user: result get_weather: Sunny | ${word} get_time: Error: no such place`,
          ],
        },
        ...bypassed(upstream),
      };
    },
  },
  'an image in a tool result': {
    surfaces: [RESPONSES, MESSAGES, GEMINI],
    question: {
      turns: [
        ...HISTORY,
        {
          results: [
            { id: 'call_a', name: 'get_weather', text: 'A map', png: PNG },
            { id: 'call_b', name: 'get_time', text: 'Noon' },
          ],
        },
      ],
      tools: TOOLS,
    },
    expected: ({ upstream }) => ({
      sent: {
        turns: [
          'user: Where is it warm?',
          CALLED,
          upstream === CHAT
            ? 'user: result get_weather: A map\n[image 1 of tool result call_a] | ' +
              `result get_time: Noon | [image 1 of tool result call_a] | ${IMAGE}`
            : `user: result get_weather: A map | ${IMAGE} | result get_time: Noon`,
        ],
      },
      ...bypassed(upstream),
    }),
  },
  'an image': {
    question: { turns: [{ user: ['What is this?', { png: PNG }] }] },
    expected: ({ surface }) => ({
      answer: { finish: ENDS.stop[surface] },
      sent: { turns: [`user: What is this? | ${IMAGE}`] },
    }),
  },
  'a PDF': {
    question: { turns: [{ user: ['What does it say?', { pdf: PDF }] }] },
    expected: { sent: { turns: [`user: What does it say? | <application/pdf ${PDF.length}>`] } },
  },
  'an instruction in mid-conversation': {
    surfaces: [CHAT, RESPONSES, MESSAGES],
    question: {
      system: 'Be kind.',
      turns: [
        { user: ['Hello.'] },
        { assistant: 'Hi.', calls: [] },
        { user: ['And now?'] },
        { system: 'Be brief.' },
      ],
    },
    expected: ({ surface, upstream }) => ({
      sent: {
        system: 'Be kind.',
        turns:
          upstream === GEMINI
            ? ['user: Hello.', 'assistant: Hi.', 'user: And now? | <system>\nBe brief.\n</system>']
            : ['user: Hello.', 'assistant: Hi.', 'user: And now?', 'system: Be brief.'],
      },
      ...(upstream === GEMINI && {
        warnings: `folded;field=${surface === RESPONSES ? 'input' : 'messages'}[3]`,
      }),
    }),
  },
};
