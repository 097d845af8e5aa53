import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { sendRaw } from '../support/send-raw.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

const BOUNDARY = 'odd boundary=7';
const CONTENT_TYPE = `multipart/form-data; boundary="${BOUNDARY}"`;

/** A recording that holds every byte, line breaks and something like a field included. */
const RECORDING = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from('\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n--odd'),
]);

function form(model: string): Buffer {
  return Buffer.concat([
    Buffer.from(`preamble\r\n--${BOUNDARY}\r\n`),
    Buffer.from('content-disposition: form-data; name="file"; filename="model"\r\n'),
    Buffer.from('Content-Type: audio/wav\r\n\r\n'),
    RECORDING,
    Buffer.from(`\r\n--${BOUNDARY}\r\nContent-Disposition: form-data;  name=model\r\n\r\n${model}`),
    Buffer.from(`\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="language"\r\n\r\nm`),
    Buffer.from(`\r\n--${BOUNDARY}--\r\nepilogue`),
  ]);
}

describe('a multipart request', () => {
  test('RES-6: a transcription changes in its model alone, and its text comes back as it is', async (t) => {
    const answer: FakeAnswer = {
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: ['1\r\n00:00 --> ', '00:01\r\nGrüße \u0000\n'],
    };
    const upstream = await fakeUpstream(t, answer);
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    for (const path of ['/v1/audio/transcriptions', '/audio/translations']) {
      const url = proxy.url + path;
      const headers = { 'content-type': CONTENT_TYPE };
      const response = await sendRaw(url, { method: 'POST', headers, body: form('m') });
      assert.equal(response.status, 200);
      assert.equal(response.text, '1\r\n00:00 --> 00:01\r\nGrüße \u0000\n');
      assert.equal(response.headers['content-type'], 'text/plain; charset=utf-8');
      const seen = upstream.seen.at(-1);
      assert.deepEqual(seen?.body, form('slug-1'));
      assert.equal(seen?.headers['content-type'], CONTENT_TYPE);
    }
  });

  test('RES-1: a form without a model is told so, and nothing goes upstream', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const body = new FormData();
    body.set('file', new File(['RIFF'], 'a.wav'));
    const url = `${proxy.url}/v1/audio/transcriptions`;
    const response = await fetch(url, { method: 'POST', body });
    assert.equal(response.status, 400);
    const { error } = (await response.json()) as { error: { message: string; param: string } };
    assert.equal(error.param, 'model');
    assert.match(error.message, /non-empty string/);
    assert.equal(upstream.seen.length, 0);
  });
});
