import { useState } from 'preact/hooks';
import { clientSettings } from './client-settings.ts';
import { CopyText } from './copy-text.ts';
import type { Catalogue } from './data.ts';
import { html } from './html.ts';
import { ModelPicker } from './model-picker.ts';

/** What to tell clients, so that they call this proxy. */
export function ConnectView({ catalogue }: { catalogue: Catalogue }) {
  const [model, setModel] = useState(catalogue.models[0]?.name ?? '');
  const key = catalogue.needs_api_key ? '$SIGNALBOX_API_KEY' : 'any';
  const settings = clientSettings({ origin: location.origin, model, key });
  return html`
    <p class="quiet">${
      catalogue.needs_api_key
        ? html`Calls need an API key of the config, and no provider's: <code>signalbox keys new</code> makes one.`
        : 'No API key is needed; clients that want one take any word.'
    }</p>
    <div class="controls"><${ModelPicker} catalogue=${catalogue} value=${model} onPick=${setModel} isChat /></div>
    ${settings.map(
      ({ client, text }) =>
        html`<h2>${client}</h2><${CopyText} label=${`Settings for ${client}`} text=${text} />`,
    )}`;
}
