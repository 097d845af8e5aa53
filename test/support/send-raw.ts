import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

interface RawRequest {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
  /** Keeps connections for many requests; without one each has its own. */
  agent?: Agent;
  /** Told once, when the first bytes of the body are here. */
  onChunk?: () => void;
}

/** An answer as it came over the socket. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

/** Sends a request with exactly these headers, which fetch would not let through. */
export function sendRaw(url: string, options: RawRequest = {}): Promise<RawAnswer> {
  const { method = 'GET', headers = {}, body, agent = false, onChunk } = options;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent }, async (response) => {
      const chunks: Buffer[] = [];
      if (onChunk) response.once('data', onChunk);
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const whole = Buffer.concat(chunks);
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: whole,
        text: whole.toString(),
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
