import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formats } from '../../src/dialects/index.ts';
import { createEventSplitter } from '../../src/dialects/stream-events.ts';
import { type AnswerEdits, editAnswer, editEvent } from '../../src/pipeline/edit-answer.ts';

const renamed: AnswerEdits = { format: formats['openai-chat'], model: 'asked', hidesUsage: false };
const hidden: AnswerEdits = { format: formats['openai-chat'], model: null, hidesUsage: true };

/** An event's bytes as a client of these edits gets them. */
function edit(raw: string, edits: AnswerEdits): string {
  const [event] = createEventSplitter('sse').push(Buffer.from(raw));
  assert.ok(event);
  return editEvent(event, edits).toString();
}

describe('editEvent', () => {
  test('RES-7: what stands around the data stays: names, ids, comments and line ends', () => {
    for (const [sent, seen] of [
      ['data: {"model":"m"}\n\n', 'data: {"model":"asked"}\n\n'],
      [
        'id: 1\r\nevent: x\r\ndata:{ "model" : "m" }\r\n\r\n',
        'id: 1\r\nevent: x\r\ndata:{ "model" : "asked" }\r\n\r\n',
      ],
      [': c\ndata: {"model":"m"}\nretry: 5\n\n', ': c\ndata: {"model":"asked"}\nretry: 5\n\n'],
    ] as const) {
      assert.equal(edit(sent, renamed), seen);
    }
  });

  test('RES-7: data of several lines keeps its lines, and the fields beside them', () => {
    const sent = 'event: x\r\ndata: {"model":\r\ndata: "m"}\r\n\r\n';
    assert.equal(edit(sent, renamed), 'event: x\ndata: {"model":\ndata: "asked"}\n\n');
  });

  test('RES-7: none of the old lines stays behind a byte order mark', () => {
    const sent = '\uFEFFdata: {"model":\ndata: "m"}\n\n';
    assert.equal(edit(sent, renamed), 'data: {"model":\ndata: "asked"}\n\n');
  });

  test('RES-7: however long the lines are, none of them gets into another event', () => {
    for (let pad = 0; pad < 64; pad += 1) {
      const id = `id: ${'x'.repeat(pad)}\n`;
      const sent = `${id}data: {"model":\ndata: "m"}\n\n`;
      assert.equal(edit(sent, renamed), `${id}data: {"model":\ndata: "asked"}\n\n`);
    }
  });

  test('what is no object, or names no model, passes as it came', () => {
    for (const raw of [
      'data: [DONE]\n\n',
      ': ping\n\n',
      'data: {"broken\n\n',
      'data: {"model":null}\n\n',
      'data: {"model":{"id":"m"}}\n\n',
      'data: {"choices":[{"model":"m"}]}\n\n',
    ]) {
      assert.equal(edit(raw, renamed), 'kept');
      assert.equal(edit(raw, hidden), 'kept');
    }
  });

  test('usage is hidden only where it is a member of the chunk itself', () => {
    const text = 'data: {"choices":[{"delta":{"content":"\\"usage\\":1"},"usage":{"a":1}}]}\n\n';
    assert.equal(edit(text, hidden), 'kept');
    assert.equal(edit('data: {"choices":[],"usage":{}}\n\n', hidden), 'hidden');
    assert.equal(
      edit('data: {"choices":[] ,"usage":null}\n\n', hidden),
      'data: {"choices":[]}\n\n',
    );
    assert.equal(edit('data: {"x":1,"usage":{}}\n\n', hidden), 'data: {"x":1}\n\n');
  });
});

describe('editAnswer', () => {
  test('RES-7: only the member that names the model changes; without edits it is the same buffer', () => {
    const json = Buffer.from('{"id":"x","model":"m","choices":[{"model":"m"}], "n":1.0}');
    const answer = editAnswer(json, renamed).toString();
    assert.equal(answer, '{"id":"x","model":"asked","choices":[{"model":"m"}], "n":1.0}');
    assert.equal(editAnswer(json, hidden), json);
  });

  test('RES-7: the name may hold what JSON must escape', () => {
    const json = Buffer.from('{"model":"m"}');
    const odd = 'a"b\\c\n😀';
    const answer = JSON.parse(editAnswer(json, { ...renamed, model: odd }).toString());
    assert.equal(answer.model, odd);
  });
});
