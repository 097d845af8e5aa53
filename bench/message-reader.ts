const EMPTY = Buffer.alloc(0);
const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '\r\n0\r\n\r\n';

/** Finds where HTTP/1.1 messages end that come one at a time, and looks at nothing else in them. */
export interface MessageReader {
  /** The head of the message that this chunk completes, or null while more is to come. */
  push(chunk: Buffer): string | null;
}

/** A reader for one side of one connection; the message is chunked unless it tells its length. */
export function createMessageReader(): MessageReader {
  let early: Buffer = EMPTY;
  let head: string | null = null;
  let missingBytes: number | null = null;
  let tail = '';

  const isComplete = (body: Buffer) => {
    if (missingBytes !== null) {
      missingBytes -= body.length;
      return missingBytes <= 0;
    }
    tail = (tail + body.toString('latin1', Math.max(0, body.length - 7))).slice(-7);
    return tail === LAST_CHUNK;
  };

  return {
    push(chunk) {
      let body = chunk;
      if (head === null) {
        const bytes = early.length === 0 ? chunk : Buffer.concat([early, chunk]);
        const end = bytes.indexOf(HEAD_END);
        early = end === -1 ? bytes : EMPTY;
        if (end === -1) return null;
        head = bytes.toString('latin1', 0, end);
        missingBytes = contentLength(head);
        tail = '';
        body = bytes.subarray(end + HEAD_END.length);
      }
      if (!isComplete(body)) return null;
      const completed = head;
      head = null;
      return completed;
    },
  };
}

function contentLength(head: string): number | null {
  const [, digits] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  return digits === undefined ? null : Number(digits);
}
