/** The API that a call of the playground speaks. */
export type Surface = 'chat' | 'responses' | 'messages' | 'gemini';

/** What is asked. */
export interface Question {
  surface: Surface;
  model: string;
  prompt: string;
  maxTokens: number;
  stream: boolean;
}

/** Where a question goes, and as what. */
export interface SurfaceRequest {
  path: string;
  body: unknown;
}

/** Writes a question in the words of each API. */
export function surfaceRequest({
  surface,
  model,
  prompt,
  maxTokens,
  stream,
}: Question): SurfaceRequest {
  const messages = [{ role: 'user', content: prompt }];
  switch (surface) {
    case 'chat':
      return {
        path: '/v1/chat/completions',
        body: { model, messages, max_completion_tokens: maxTokens, stream },
      };
    case 'responses':
      return {
        path: '/v1/responses',
        body: { model, input: prompt, max_output_tokens: maxTokens, stream },
      };
    case 'messages':
      return { path: '/v1/messages', body: { model, messages, max_tokens: maxTokens, stream } };
    case 'gemini': {
      const name = model.split('/').map(encodeURIComponent).join('/');
      const verb = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return {
        path: `/v1beta/models/${name}:${verb}`,
        body: {
          contents: [{ role: 'user', parts: [{ text: prompt }] }],
          generationConfig: { maxOutputTokens: maxTokens },
        },
      };
    }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: four wire formats, read by their paths only
type Wire = any;

/** The text in a whole answer, or in one event of a stream. */
export function textOf(surface: Surface, value: Wire): string {
  switch (surface) {
    case 'chat':
      return value.choices?.[0]?.delta?.content ?? value.choices?.[0]?.message?.content ?? '';
    case 'responses':
      if (value.type === 'response.output_text.delta') return value.delta;
      return joinTexts((value.output ?? []).flatMap(({ content }: Wire) => content ?? []));
    case 'messages':
      if (value.type === 'content_block_delta') return value.delta?.text ?? '';
      return joinTexts(value.content);
    case 'gemini':
      return joinTexts(value.candidates?.[0]?.content?.parts);
  }
}

function joinTexts(parts: Wire[] | undefined): string {
  return (parts ?? []).map(({ text }) => text ?? '').join('');
}
