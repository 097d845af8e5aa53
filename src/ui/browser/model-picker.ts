import type { Catalogue } from './data.ts';
import { html } from './html.ts';

interface PickerProps {
  catalogue: Catalogue;
  value: string;
  onPick: (model: string) => void;
  /** Leaves out those that answer no chat. */
  isChat?: boolean;
}

const CHATS = ['chat', 'reasoning'];

/** A model by its name: any that the config names, or whatever is typed. */
export function ModelPicker({ catalogue, value, onPick, isChat = false }: PickerProps) {
  const models = catalogue.models.filter(({ type }) => !isChat || CHATS.includes(type));
  const names = [...models, ...catalogue.aliases].map(({ name }) => name);
  return html`<label class="field">Model
    <input list="model-names" value=${value} spellcheck="false"
      onInput=${(event: InputEvent) => onPick((event.target as HTMLInputElement).value)} />
    <datalist id="model-names">${names.map((name) => html`<option value=${name} />`)}</datalist>
  </label>`;
}
