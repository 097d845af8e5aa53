/** What the upstream reports of every call. */
export const USAGE = { prompt_tokens: 212, completion_tokens: 96, total_tokens: 308 };
const IDENTITY = { id: 'chatcmpl-bench', created: 1_750_000_000, model: 'bench-slug' };

/** A whole chat completion, about as long as its 1 KB request. */
export const wholeAnswer = JSON.stringify({
  ...IDENTITY,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: 'All good things come in small packages. '.repeat(12),
      },
      finish_reason: 'stop',
    },
  ],
  usage: USAGE,
});

/** The events of a streamed completion: that many, the finish, the usage and the marker included. */
export function streamEvents(count: number): string[] {
  const delta = { index: 0, delta: { content: ' packages' }, finish_reason: null };
  return [
    ...Array.from({ length: count - 3 }, () => chunkEvent({ choices: [delta] })),
    chunkEvent({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    chunkEvent({ choices: [], usage: USAGE }),
    'data: [DONE]\n\n',
  ];
}

function chunkEvent(members: object): string {
  return `data: ${JSON.stringify({ ...IDENTITY, object: 'chat.completion.chunk', ...members })}\n\n`;
}
