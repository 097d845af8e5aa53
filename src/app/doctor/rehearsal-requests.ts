/** One way of asking for a few words, as the proxy's clients do. */
export interface RehearsalRequest {
  surface: 'chat' | 'responses' | 'messages' | 'gemini';
  stream: boolean;
  path: string;
  body: Record<string, unknown>;
  /** What only a whole answer has, or the last event of a stream. */
  end: string;
}

const TEXT = 'Say hello.';

/** One request for each surface, whole and streamed. */
export function rehearsalRequests(model: string): RehearsalRequest[] {
  const messages = [{ role: 'user', content: TEXT }];
  const contents = [{ role: 'user', parts: [{ text: TEXT }] }];
  return [false, true].flatMap((stream): RehearsalRequest[] => [
    {
      surface: 'chat',
      stream,
      path: '/v1/chat/completions',
      body: { model, messages, stream },
      end: stream ? '[DONE]' : '"chat.completion"',
    },
    {
      surface: 'responses',
      stream,
      path: '/v1/responses',
      body: { model, input: TEXT, stream },
      end: stream ? 'response.completed' : '"completed"',
    },
    {
      surface: 'messages',
      stream,
      path: '/v1/messages',
      body: { model, max_tokens: 100, messages, stream },
      end: stream ? 'message_stop' : '"end_turn"',
    },
    {
      surface: 'gemini',
      stream,
      path: `/v1beta/models/${encodeURIComponent(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      body: { contents },
      end: '"STOP"',
    },
  ]);
}
