import { useRef, useState } from 'preact/hooks';
import { ask } from './api.ts';
import { Choice } from './choice.ts';
import type { Call, Catalogue } from './data.ts';
import { callCost, count, milliseconds } from './format-figures.ts';
import { html } from './html.ts';
import { CallDetail } from './live-view.ts';
import { ModelPicker } from './model-picker.ts';
import { type CallProgress, sendCall } from './send-call.ts';
import type { Surface } from './surface-request.ts';
import { TextField } from './text-field.ts';

const SURFACES = { chat: 'Chat', responses: 'Responses', messages: 'Messages', gemini: 'Gemini' };
const DELIVERIES = { stream: 'Streamed', whole: 'Whole' };
const KEY_NAME = 'signalbox-api-key';

/** Calls any model through any API, and shows what its ledger line says. */
export function PlaygroundView({ catalogue }: { catalogue: Catalogue }) {
  const [model, setModel] = useState(catalogue.models[0]?.name ?? '');
  const [surface, setSurface] = useState<Surface>('chat');
  const [delivery, setDelivery] = useState('stream');
  const [prompt, setPrompt] = useState('Say hello in one sentence.');
  const [maxTokens, setMaxTokens] = useState('200');
  const [apiKey, setApiKey] = useState(sessionStorage.getItem(KEY_NAME) ?? '');
  const [progress, setProgress] = useState<CallProgress | null>(null);
  const [line, setLine] = useState<Call | null>(null);
  const running = useRef<AbortController | null>(null);
  const [isRunning, setRunning] = useState(false);
  const send = async (event: Event) => {
    event.preventDefault();
    if (running.current !== null) return running.current.abort();
    sessionStorage.setItem(KEY_NAME, apiKey);
    const controller = new AbortController();
    running.current = controller;
    setRunning(true);
    setLine(null);
    setProgress(null);
    const question = {
      model,
      surface,
      prompt,
      apiKey,
      maxTokens: Number(maxTokens) || 200,
      stream: delivery === 'stream',
    };
    try {
      const done = await sendCall(question, { signal: controller.signal, tell: setProgress });
      setProgress(done);
      setLine(await findLine(done.requestId));
    } catch (error) {
      setProgress((before) => stopped(before, error));
    }
    running.current = null;
    setRunning(false);
  };
  return html`
    <div class="split">
      <form class="form card" onSubmit=${send}>
        <${ModelPicker} catalogue=${catalogue} value=${model} onPick=${setModel} isChat />
        <${Choice} label="API" options=${SURFACES} value=${surface} onPick=${setSurface} />
        <${Choice} label="Delivery" options=${DELIVERIES} value=${delivery} onPick=${setDelivery} />
        <${TextField} label="Message" rows="5" value=${prompt} onText=${setPrompt} />
        <${TextField} label="Longest answer, tokens" value=${maxTokens} onText=${setMaxTokens} />
        ${catalogue.needs_api_key && html`<${TextField} label="API key" type="password" required value=${apiKey} onText=${setApiKey} />`}
        <button type="submit" class="primary">${isRunning ? 'Stop' : 'Send'}</button>
        <p class="quiet">The call is real: it is billed, limited and written down as any other.</p>
      </form>
      <section class="card" aria-live="polite" aria-label="Answer">
        ${
          progress === null
            ? html`<p class="empty">${isRunning ? 'Waiting for the first token …' : 'The answer appears here.'}</p>`
            : html`<${Answer} progress=${progress} line=${line} />`
        }
      </section>
    </div>`;
}

function Answer({ progress, line }: { progress: CallProgress; line: Call | null }) {
  return html`
    <div class="answer">${progress.text}</div>
    ${progress.error && html`<p class="notice" role="alert">${progress.error}</p>`}
    <div class="tiles">
      <div><dt>Status</dt><dd>${progress.status ?? '—'}</dd></div>
      <div><dt>First token here</dt><dd>${milliseconds(progress.firstTextMs)}</dd></div>
      <div><dt>Took</dt><dd>${milliseconds(progress.totalMs)}</dd></div>
      ${
        line &&
        html`
        <div><dt>Provider</dt><dd>${line.provider ?? '—'}</dd></div>
        <div><dt>Tokens</dt><dd>${line.tokens ? `${count(line.tokens['in'] ?? 0)} → ${count(line.tokens['out'] ?? 0)}` : '—'}</dd></div>
        <div><dt>Cost</dt><dd class="money" id="cost">${callCost(line.cost_nanos_usd)}</dd></div>`
      }
    </div>
    ${line && html`<${CallDetail} call=${line} />`}`;
}

/** The call's line in the ledger: it is there when the answer has ended. */
async function findLine(requestId: string | null): Promise<Call | null> {
  const { calls } = await ask<{ calls: Call[] }>('calls');
  return calls.find(({ request_id }) => request_id === requestId) ?? null;
}

function stopped(before: CallProgress | null, error: unknown): CallProgress {
  const reason = error instanceof Error && error.name !== 'AbortError' ? error.message : 'Stopped.';
  const nothing = {
    text: '',
    status: null,
    requestId: null,
    headers: [],
    firstTextMs: null,
    totalMs: null,
  };
  return { ...(before ?? nothing), error: reason };
}
