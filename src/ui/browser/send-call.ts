import { type Question, type Surface, surfaceRequest, textOf } from './surface-request.ts';

/** A call while it happens, and when it is over. */
export interface CallProgress {
  text: string;
  status: number | null;
  requestId: string | null;
  headers: [string, string][];
  firstTextMs: number | null;
  totalMs: number | null;
  error: string | null;
}

/** Sends a question to the proxy as any client would, and tells how it goes. */
export async function sendCall(
  question: Question & { apiKey: string },
  { signal, tell }: { signal: AbortSignal; tell: (progress: CallProgress) => void },
): Promise<CallProgress> {
  const { path, body } = surfaceRequest(question);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (question.apiKey !== '') headers['authorization'] = `Bearer ${question.apiKey}`;
  const started = performance.now();
  const response = await fetch(path, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    signal,
  });
  let progress: CallProgress = {
    text: '',
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    headers: [...response.headers].filter(([name]) => name.startsWith('x-signalbox-')),
    firstTextMs: null,
    totalMs: null,
    error: null,
  };
  for await (const piece of readPieces(response, question.surface)) {
    const firstTextMs = progress.firstTextMs ?? (piece.text ? performance.now() - started : null);
    progress = { ...progress, firstTextMs, text: progress.text + piece.text, error: piece.error };
    tell(progress);
  }
  return { ...progress, totalMs: performance.now() - started };
}

interface Piece {
  text: string;
  error: string | null;
}

async function* readPieces(response: Response, surface: Surface): AsyncGenerator<Piece> {
  const isStream = response.headers.get('content-type')?.includes('text/event-stream');
  if (!isStream || response.body === null) {
    const text = await response.text();
    yield readPiece(surface, text);
    return;
  }
  let held = '';
  for await (const chunk of readChunks(response.body)) {
    held += chunk;
    const lines = held.split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data:') && line.trim() !== 'data: [DONE]') {
        yield readPiece(surface, line.slice(5));
      }
    }
  }
}

/** Not every browser lets a stream be iterated. */
async function* readChunks(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

function readPiece(surface: Surface, json: string): Piece {
  try {
    const value = JSON.parse(json);
    return { text: textOf(surface, value), error: value.error?.message ?? null };
  } catch {
    return { text: '', error: json };
  }
}
