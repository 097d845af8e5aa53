// Replaces members of a JSON text in place, so that every other byte stays as it was sent: number spelling,
// key order, escapes, duplicate keys, white space. A parse and stringify would change them
// (12345678901234567890 becomes …567000) and costs ten times as much on an agent-sized body.

import type { Member, ScannedObject, Span } from './scan-json.ts';

/** Bytes to put in the place of a span; an empty span inserts. */
export interface Splice {
  span: Span;
  text: string;
}

/** Applies splices that do not overlap; returns the text itself if there are none. */
export function applySplices(json: Buffer, splices: readonly Splice[]): Buffer {
  if (splices.length === 0) return json;
  let length = json.length;
  for (const { span, text } of splices) length += Buffer.byteLength(text) - (span.end - span.start);
  // Copied into one buffer: joining parts later would allocate an object for each.
  const spliced = Buffer.allocUnsafe(length);
  let read = 0;
  let written = 0;
  for (const { span, text } of inOrder(splices)) {
    written += json.copy(spliced, written, read, span.start);
    written += spliced.write(text, written);
    read = span.end;
  }
  json.copy(spliced, written, read);
  return spliced;
}

function inOrder(splices: readonly Splice[]): readonly Splice[] {
  return splices.length === 1 ? splices : splices.toSorted((a, b) => a.span.start - b.span.start);
}

/** Replaces every member of that name, so that no reader can pick another one. */
export function replaceMember(object: ScannedObject, key: string, text: string): Splice[] {
  return object.members
    .filter((member) => member.key === key)
    .map((member) => ({ span: member.value, text }));
}

/** Appends members, given as name and JSON text, behind the last one. */
export function appendMembers(
  object: ScannedObject,
  members: Iterable<readonly [key: string, text: string]>,
): Splice[] {
  const written = Array.from(members, ([key, text]) => `${JSON.stringify(key)}:${text}`);
  if (written.length === 0) return [];
  const last = object.members.at(-1);
  const at = last ? last.value.end : object.span.start + 1;
  return [{ span: { start: at, end: at }, text: `${last ? ',' : ''}${written.join(',')}` }];
}

/** Removes one member and the comma that belongs to it. */
export function removeMember(object: ScannedObject, member: Member): Splice {
  const index = object.members.indexOf(member);
  const next = object.members[index + 1];
  const previous = object.members[index - 1];
  if (next) return { span: { start: member.keyStart, end: next.keyStart }, text: '' };
  return {
    span: { start: previous?.value.end ?? member.keyStart, end: member.value.end },
    text: '',
  };
}

/** Removes every member of those names. */
export function removeMembers({ members }: ScannedObject, keys: readonly string[]): Splice[] {
  const lastKept = members.findLastIndex(({ key }) => !keys.includes(key));
  return members.flatMap((member, index) => {
    if (!keys.includes(member.key)) return [];
    const next = members[index + 1];
    // With the comma behind it; where nothing stays behind it, with the one before.
    if (next && index < lastKept) {
      return { span: { start: member.keyStart, end: next.keyStart }, text: '' };
    }
    const start = members[index - 1]?.value.end ?? member.keyStart;
    return { span: { start, end: member.value.end }, text: '' };
  });
}
