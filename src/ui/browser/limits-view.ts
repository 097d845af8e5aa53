import type { LimitReading } from './data.ts';
import { count, exactUsd } from './format-figures.ts';
import { html } from './html.ts';
import { useAnswer } from './use-answer.ts';

const EVERY_MS = 3000;
const SCOPES: Record<string, string> = { global: 'all calls', api_key: 'key' };

/** Budgets and limits, and what is left of them. */
export function LimitsView() {
  const { answer, error } = useAnswer<{ limits: LimitReading[] }>('limits', {}, EVERY_MS);
  if (error !== null) return html`<p class="notice" role="alert">${error.message}</p>`;
  if (answer === null) return html`<p class="quiet">Reading …</p>`;
  if (answer.limits.length === 0) {
    return html`<p class="empty">The config sets no limit. <code>budgets</code>, <code>quotas</code> and <code>policies</code>
      do, on keys, teams, users, organisations, models or all calls.</p>`;
  }
  return html`<div class="scroll"><table class="limits stacked"><thead><tr><th>For</th><th>Limit</th><th class="right">Used</th>
    <th class="grow"></th><th class="right">Left</th><th class="right">Of</th><th>Starts anew</th></tr></thead>
    <tbody>${answer.limits.map((limit) => html`<${LimitRow} limit=${limit} />`)}</tbody></table></div>`;
}

function LimitRow({ limit }: { limit: LimitReading }) {
  const { metric, used, scope, name, period, timezone } = limit;
  const words = limitWords(limit);
  const max = BigInt(limit.max);
  const show = (value: bigint) => (metric === 'usd' ? exactUsd(value) : count(Number(value)));
  const spent = used === null ? null : BigInt(used);
  const left = spent === null ? null : max > spent ? max - spent : 0n;
  const share =
    spent === null || max === 0n ? 0 : Math.min(100, Number((spent * 1000n) / max) / 10);
  return html`<tr data-limit=${`${scope} ${name} ${limit.word}`}>
    <td>${SCOPES[scope] ?? scope} <strong>${name}</strong></td>
    <td>${words}${period && html` <span class="quiet">${timezone}</span>`}</td>
    <td class="right money wide">${spent === null ? '—' : show(spent)}</td>
    <td class="grow"><span class="track" role="img" aria-label=${`${share} % used`}>${
      spent !== null &&
      spent > 0n &&
      html`<span
      class=${share >= 90 ? 'fill full' : 'fill'} style=${{ width: `${share}%` }}></span>`
    }</span></td>
    <td class="right money">${left === null ? '—' : show(left)}</td>
    <td class="right money">${show(max)}</td>
    <td class="quiet wide">${limit.resets_at === null ? '—' : new Date(limit.resets_at).toLocaleString()}</td>
  </tr>`;
}

const METRICS: Record<string, string> = {
  usd: 'US dollars',
  tokens_in: 'tokens in',
  tokens_out: 'tokens out',
};

/** What is limited, and in which time: `US dollars a month`, `requests per minute`. */
function limitWords({ metric, period, setting }: LimitReading): string {
  if (period === null) {
    return setting.replace('policies.', '').replaceAll('.', ' ').replaceAll('_', ' ');
  }
  return `${METRICS[metric] ?? metric} ${period === 'total' ? 'in total' : `a ${period}`}`;
}
