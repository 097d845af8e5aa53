import { useState } from 'preact/hooks';
import type { Call } from './data.ts';
import { callCost, count, milliseconds, timeOfDay } from './format-figures.ts';
import { html } from './html.ts';
import { useCalls } from './use-calls.ts';

/** The last calls, as they happen. */
export function LiveView() {
  const { calls, error } = useCalls();
  const [opened, setOpened] = useState('');
  if (error !== null) return html`<p class="notice" role="alert">${error.message}</p>`;
  if (calls === null) return html`<p class="quiet">Reading …</p>`;
  if (calls.length === 0) {
    return html`<p class="empty">No call yet. Each one appears here when it has ended.
      <a href="#playground">Make one in the playground.</a></p>`;
  }
  const slowest = Math.max(...calls.map(({ latency_ms }) => latency_ms), 1);
  return html`
    <p class="quiet"><span class="pulse" aria-hidden="true"></span>The last ${calls.length} calls; new
      ones appear by themselves.</p>
    <div class="scroll"><table class="calls stacked">
      <thead><tr><th>Time</th><th>Model</th><th class="wide">Provider</th><th class="wide">Key</th>
        <th class="right">Status</th><th>Time taken</th><th class="right wide">Tokens in</th><th class="right wide">Out</th>
        <th class="right">Cost</th></tr></thead>
      <tbody>${calls.map(
        (call) => html`<${CallRow} key=${call.request_id} call=${call} slowest=${slowest}
          isOpen=${opened === call.request_id}
          onTurn=${() => setOpened(opened === call.request_id ? '' : call.request_id)} />`,
      )}</tbody>
    </table></div>
  `;
}

interface RowProps {
  call: Call;
  slowest: number;
  isOpen: boolean;
  onTurn: () => void;
}

function CallRow({ call, slowest, isOpen, onTurn }: RowProps) {
  const failed = call.http_status >= 400 || call.error_code !== undefined;
  return html`
    <tr class=${failed ? 'call failed' : 'call'} data-request-id=${call.request_id} onClick=${onTurn}>
      <td class="time">${timeOfDay(call.ts)}</td>
      <td><button type="button" class="link turn" aria-expanded=${isOpen}>
        ${call.requested_model ?? '—'}</button>${
          call.error_code && html` <span class="bad">${call.error_code.replaceAll('_', ' ')}</span>`
        }</td>
      <td class="wide">${call.provider ?? '—'}</td>
      <td class="quiet wide">${call.api_key ?? '—'}</td>
      <td class="right"><span class=${failed ? 'status bad' : 'status'}>${call.http_status}</span></td>
      <td><${TimeBar} call=${call} slowest=${slowest} /></td>
      <td class="right wide">${call.tokens ? count(call.tokens['in'] ?? 0) : '—'}</td>
      <td class="right wide">${call.tokens ? count(call.tokens['out'] ?? 0) : '—'}</td>
      <td class="right money" title=${call.cost_reason ?? ''}>${callCost(call.cost_nanos_usd)}</td>
    </tr>
    ${isOpen && html`<tr class="detail"><td colspan="9"><${CallDetail} call=${call} /></td></tr>`}
  `;
}

/** A bar as long as the call took; its pale part is the wait for the first token. */
function TimeBar({ call, slowest }: { call: Call; slowest: number }) {
  const share = (ms: number) => `${((ms / slowest) * 100).toFixed(1)}%`;
  return html`<span class="timebar"><span class="track"><span class="took"
    style=${{ width: share(call.latency_ms) }}><span class="wait"
    style=${{ width: `${(((call.ttft_ms ?? 0) / Math.max(1, call.latency_ms)) * 100).toFixed(1)}%` }}
    ></span></span></span>${milliseconds(call.latency_ms)}</span>`;
}

/** Everything else that the ledger tells of a call. */
export function CallDetail({ call }: { call: Call }) {
  const facts: [string, string | undefined][] = [
    ['Request id', call.request_id],
    ['Resolved to', call.model],
    ['Sent as', call.slug],
    ['Order', call.routing_profile],
    ['Asked as', `${call.surface} · ${call.operation}${call.stream ? ' · streamed' : ''}`],
    ['First token', milliseconds(call.ttft_ms)],
    [
      'Tokens',
      call.tokens && `${count(call.tokens['in'] ?? 0)} in, ${count(call.tokens['out'] ?? 0)} out`,
    ],
    ['Session', call.session],
    ['Error', call.error_code],
    ['Tokens known from', call.usage_source],
    ['Cost unknown since', call.cost_reason],
  ];
  return html`
    <dl>${facts.map(([name, value]) => value && html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <ol class="attempts">${call.routing.attempts.map(
      ({ provider, slug, status, error, ms }) =>
        html`<li>${provider} · ${slug} · ${status ?? 'no answer'}${error && ` · ${error}`} · ${milliseconds(ms)}</li>`,
    )}</ol>
    ${
      call.billing &&
      html`<table class="bill"><tbody>${Object.entries(call.billing).map(
        ([line, nanos]) =>
          html`<tr><td>${line}</td><td class="right">${
            call.tokens?.[line] === undefined ? '' : count(call.tokens[line])
          }</td><td class="right money">${callCost(nanos)}</td></tr>`,
      )}<tr class="sum"><td>Total</td><td></td><td class="right money">${callCost(call.cost_nanos_usd)}</td></tr></tbody></table>`
    }
  `;
}
