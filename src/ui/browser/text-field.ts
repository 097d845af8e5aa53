import { html } from './html.ts';

interface TextFieldProps {
  label: string;
  value: string;
  onText: (text: string) => void;
  placeholder?: string;
  type?: string;
  /** More than one line. */
  rows?: number;
  options?: string[];
  required?: boolean;
}

/** A labelled field for text. */
export function TextField({
  label,
  value,
  onText,
  placeholder,
  type,
  rows,
  options,
  required,
}: TextFieldProps) {
  const onInput = (event: InputEvent) => onText((event.target as HTMLInputElement).value);
  const list = options && `options-${label.replace(/\W/g, '')}`;
  const field = { value, onInput, placeholder, required, spellcheck: false, autocomplete: 'off' };
  return html`<label class="field">${label}
    ${
      rows
        ? html`<textarea rows=${rows} ...${field}></textarea>`
        : html`<input type=${type ?? 'text'} list=${list} ...${field} />`
    }
    ${options && html`<datalist id=${list}>${options.map((option) => html`<option value=${option} />`)}</datalist>`}
  </label>`;
}
