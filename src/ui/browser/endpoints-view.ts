import { useState } from 'preact/hooks';
import type { Call, Catalogue, Explanation } from './data.ts';
import { callCost, count, milliseconds, timeOfDay } from './format-figures.ts';
import { html } from './html.ts';
import { ModelPicker } from './model-picker.ts';
import { useAnswer } from './use-answer.ts';
import { useCalls } from './use-calls.ts';

const EVERY_MS = 3000;
const LAST_CALLS = 8;

/** Words for what an endpoint's state is. */
const STATES: Record<string, string> = {
  closed: 'healthy',
  open: 'left alone',
  'half-open': 'due for a trial',
  probing: 'on trial',
  waiting: 'asked for a pause',
  limited: 'at its limit',
};

/** How each endpoint of a model does, and in which order they are tried. */
export function EndpointsView({ catalogue }: { catalogue: Catalogue }) {
  const [model, setModel] = useState(firstOfMany(catalogue));
  const { answer, error } = useAnswer<Explanation>('route', { model }, EVERY_MS);
  const { calls } = useCalls();
  const last = (calls ?? [])
    .filter((call) => answer !== null && call.model === answer.model)
    .slice(0, LAST_CALLS);
  return html`
    <div class="controls"><${ModelPicker} catalogue=${catalogue} value=${model} onPick=${setModel} /></div>
    ${error && html`<p class="notice" role="alert">${error.message}</p>`}
    ${answer && html`<${EndpointCards} explanation=${answer} />`}
    <h2>Where the last calls went</h2>
    ${last.length === 0 && html`<p class="empty">None of the last calls asked for this model.</p>`}
    ${last.length > 0 && html`<${LastCalls} calls=${last} />`}
  `;
}

/** The first model that has a choice of endpoints; else the first. */
function firstOfMany({ models }: Catalogue): string {
  return (models.find(({ endpoints }) => endpoints.length > 1) ?? models[0])?.name ?? '';
}

function EndpointCards({ explanation }: { explanation: Explanation }) {
  const { endpoints, steps, fallbacks, input_tokens: sent, output_tokens: got } = explanation;
  return html`
    <p class="quiet">${steps.join(' ').replaceAll('`', '')}
      ${fallbacks.length > 0 && ` When all have failed: ${fallbacks.join(', ')}.`}</p>
    <div class="cards">${endpoints.map(
      (endpoint) => html`<section class=${endpoint.rank === null ? 'card off' : 'card'}>
        <h3><span class="rank">${endpoint.rank ?? '–'}</span>${endpoint.provider}
          <span class="quiet">${endpoint.slug}</span>
          <span class=${endpoint.state === 'closed' ? 'state' : 'state bad'}>${STATES[endpoint.state] ?? endpoint.state}</span></h3>
        <p>${endpoint.reason}</p>
        <dl class="facts">
          <div><dt>First token, median</dt><dd>${milliseconds(endpoint.ttft_ms)}${hint(endpoint.ttft_source)}</dd></div>
          <div><dt>Speed</dt><dd>${endpoint.tokens_per_second === null ? '—' : `${endpoint.tokens_per_second} tokens/s`}${hint(endpoint.tokens_per_second_source)}</dd></div>
          <div><dt>Succeeded</dt><dd>${endpoint.attempts === 0 ? '—' : `${(endpoint.uptime * 100).toFixed(1)} % of ${endpoint.attempts}`}</dd></div>
          <div><dt>${count(sent)} tokens in, ${count(got)} out</dt><dd class="money">${endpoint.cost_usd === null ? (endpoint.price === null ? 'no price' : 'by the piece') : `$${endpoint.cost_usd}`}</dd></div>
        </dl>
        <${PriceList} price=${endpoint.price} />
      </section>`,
    )}</div>`;
}

function hint(source: string | null) {
  return source === 'hint' || source === 'hints'
    ? html` <span class="quiet">as configured</span>`
    : '';
}

const PRICE_UNIT = 'USD per 1,000 tokens, or per piece';

/** What a price by the piece buys, where its name does not say it. */
const PIECES: Record<string, string> = {
  audio_second: 'second of audio',
  character_1k: '1,000 characters',
};

/** The rates of one endpoint, under what they buy. */
export function PriceList({ price }: { price: Record<string, string> | null }) {
  if (price === null) return html`<p class="quiet">No price is known.</p>`;
  return html`<p class="quiet price-unit">${PRICE_UNIT}</p>
    <ul class="prices" aria-label=${PRICE_UNIT}>${Object.entries(price).map(
      ([name, usd]) =>
        html`<li><span>${PIECES[name] ?? name.replaceAll('_', ' ')}</span><span class="money">$${usd}</span></li>`,
    )}</ul>`;
}

function LastCalls({ calls }: { calls: Call[] }) {
  return html`<div class="scroll"><table><thead><tr><th>Time</th><th>Asked for</th><th>Tried, in order</th>
    <th>Order</th><th class="right">Took</th><th class="right">Cost</th></tr></thead><tbody>${calls.map(
      (call) => html`<tr><td class="time">${timeOfDay(call.ts)}</td><td>${call.requested_model}</td>
        <td>${call.routing.attempts.map(
          ({ provider, status, error }, index) => html`${index > 0 && ' → '}<span
            class=${error ? 'bad' : ''}>${provider}${error && ` (${status ?? error})`}</span>`,
        )}</td><td>${call.routing_profile}</td><td class="right">${milliseconds(call.latency_ms)}</td>
        <td class="right money">${callCost(call.cost_nanos_usd)}</td></tr>`,
    )}</tbody></table></div>`;
}
