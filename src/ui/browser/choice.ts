import { html } from './html.ts';

interface ChoiceProps {
  label: string;
  options: Record<string, string>;
  value: string;
  onPick: (value: string) => void;
}

/** One of a few words, side by side. */
export function Choice({ label, options, value, onPick }: ChoiceProps) {
  return html`<div class="choice" role="group" aria-label=${label}>${Object.entries(options).map(
    ([id, text]) => html`<button type="button" aria-pressed=${id === value}
      onClick=${() => onPick(id)}>${text}</button>`,
  )}</div>`;
}
