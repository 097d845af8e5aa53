import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readTraceSettings } from '../../src/app/trace-settings.ts';

describe('readTraceSettings', () => {
  test('without an endpoint, or switched off, there are none', () => {
    assert.equal(readTraceSettings({}), null);
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' };
    assert.equal(readTraceSettings({ ...endpoint, OTEL_SDK_DISABLED: 'true' }), null);
  });

  test('the endpoint for traces is used as it is, the general one gets its path', () => {
    const general = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/otel/' };
    assert.equal(readTraceSettings(general)?.url, 'http://c:4318/otel/v1/traces');
    const own = { ...general, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://d/api' };
    assert.equal(readTraceSettings(own)?.url, 'https://d/api');
    assert.deepEqual(readTraceSettings(general)?.resource, { 'service.name': 'signalbox' });
  });

  test('what cannot be used is said', () => {
    assert.throws(() => readTraceSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'c:4318' }), /no URL/);
    const grpc = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4317',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    };
    assert.throws(() => readTraceSettings(grpc), /only http\/json is spoken/);
  });
});
