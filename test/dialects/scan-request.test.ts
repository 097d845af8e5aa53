import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { DialectId } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import { measureText } from '../../src/dialects/measure-text.ts';
import { capsOf } from '../../src/dialects/model-caps.ts';
import { createOutputItems } from '../../src/dialects/openai-responses/output-items.ts';
import { sealSignature } from '../../src/dialects/reasoning-envelope.ts';
import { JsonScanError, scanJson } from '../../src/dialects/scan-json.ts';
import { scanRequest } from '../../src/dialects/scan-request.ts';
import { oddMembers, space, writeObject } from '../support/odd-json.ts';

const MEDIA = Buffer.alloc(1500, 'Signalbox').toString('base64');

/** Members beside any others whose values are media, or look as if they were. */
const mediaMembers = fc.array(
  fc.tuple(
    fc.constantFrom('data', 'url', 'da\\u0074a', 'signature', 'content', 'result'),
    fc.constantFrom(
      JSON.stringify(MEDIA),
      `[${JSON.stringify(MEDIA)},{"x":1},"data:,a",${JSON.stringify(MEDIA)}]`,
      '"data:image/png;base64,AAAA"',
      '"data: 1, 2, 3"',
      JSON.stringify('Once upon a time. '.repeat(100)),
      JSON.stringify('你'.repeat(1000)),
      `"${'ab\\/c\\n'.repeat(400)}"`,
    ),
  ),
  { maxLength: 3 },
);

const request = fc
  .tuple(oddMembers(), mediaMembers, oddMembers(), space())
  .map(([before, media, after, gap]) => writeObject([[before, media, after].flat(), gap]));

const envelope = sealSignature({
  dialect: 'openai-chat',
  family: 'grok',
  kind: 'enc',
  value: 'state',
  target: 'self',
});

function mayHoldForeignState(body: unknown): boolean {
  return scanRequest(Buffer.from(JSON.stringify(body))).mayHoldForeignState;
}

describe('scanRequest', () => {
  test('ROU-3: any request has the members of its scan and the text of its walk from quote to quote', () => {
    const property = fc.property(request, (text) => {
      const json = Buffer.from(text);
      const { span, members, textBytes } = scanRequest(json);
      assert.deepEqual({ span, members }, scanJson(json));
      assert.equal(textBytes, measureText(json));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test('ERR-2: a request that is no JSON is refused in the words and at the place of its scan', () => {
    const mangled = fc
      .tuple(
        request,
        fc.nat(),
        fc.constantFrom('', ',', '}', ']', ':', '"', '{', '\\', 't', '\u0000'),
      )
      .map(([text, at, noise]) => {
        const cut = at % (text.length + 1);
        return Buffer.from(text.slice(0, cut) + noise + text.slice(cut + 1));
      });
    const outcome = (read: () => unknown) => {
      try {
        read();
        return null;
      } catch (error) {
        assert.ok(error instanceof JsonScanError);
        return [error.message, error.position];
      }
    };
    const property = fc.property(mangled, (json) => {
      assert.deepEqual(
        outcome(() => scanRequest(json)),
        outcome(() => scanJson(json)),
      );
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test('state of other providers is seen wherever it stands, in base64 as well', () => {
    const base64 = Buffer.from(envelope).toString('base64');
    const place = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(envelope, base64),
        fc
          .tuple(fc.array(fc.jsonValue(), { maxLength: 3 }), tie('value'))
          .map((both) => both.flat()),
        fc
          .tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), tie('value'))
          .map(([others, key, value]) => ({ ...others, [`k${key}`]: value })),
      ),
    })).value;
    fc.assert(fc.property(place, (value) => mayHoldForeignState({ messages: value })));
  });

  test('so are thoughts without state, by the id that they were given here', () => {
    const items = createOutputItems(() => '_0123');
    items.add('reasoning', { summary: [] });
    const [thought] = items.output;
    assert.ok(mayHoldForeignState({ input: [thought] }));
    const kept = dialects['openai-responses'].dropForeignState(
      { input: [thought] },
      capsOf('openai-responses', 'gpt-5.4'),
    );
    assert.deepEqual(kept, { input: [] });
  });

  test('so are searches that another provider ran, and citations of what they found', () => {
    assert.ok(mayHoldForeignState({ messages: [{ content: [{ id: 'srvtoolu_sbx10123' }] }] }));
    assert.ok(mayHoldForeignState({ messages: [{ citations: [{ encrypted_index: 'sbx1' }] }] }));
  });

  test('a conversation about such state holds none', () => {
    const words = [
      `It is ${envelope}.`,
      ` ${envelope}`,
      'srvtoolu_01',
      'rs_',
      'rs_68a1',
      'cat',
      's',
      'sbx',
    ];
    assert.equal(mayHoldForeignState({ messages: words, [envelope]: 1 }), false);
  });

  test('every dialect leaves a request alone in which no string begins with it', () => {
    const signature = `see ${envelope}`;
    const bodies: Record<DialectId, Record<string, unknown[]>> = {
      'openai-chat': { messages: [{ reasoning_details: [{ data: signature }] }] },
      'openai-responses': { input: [{ type: 'reasoning', encrypted_content: signature }] },
      'anthropic-messages': { messages: [{ content: [{ type: 'thinking', signature }] }] },
      'google-generate-content': { contents: [{ parts: [{ thoughtSignature: signature }] }] },
    };
    for (const [dialect, body] of Object.entries(bodies)) {
      const id = dialect as DialectId;
      assert.equal(mayHoldForeignState(body), false);
      assert.deepEqual(dialects[id].dropForeignState(body, capsOf(id, 's')), body);
    }
  });
});
