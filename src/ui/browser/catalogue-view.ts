import { useState } from 'preact/hooks';
import { CopyText } from './copy-text.ts';
import type { Catalogue, CatalogueModel } from './data.ts';
import { PriceList } from './endpoints-view.ts';
import { count } from './format-figures.ts';
import { html } from './html.ts';
import { TextField } from './text-field.ts';
import { nameProblem, variantYaml } from './variant-yaml.ts';

/** Everything that can be asked for. */
export function CatalogueView({ catalogue }: { catalogue: Catalogue }) {
  const [word, setWord] = useState('');
  const [base, setBase] = useState<string | null>(null);
  const matches = ({ name, endpoints }: CatalogueModel) =>
    [name, ...endpoints.flatMap(({ provider, slug }) => [provider, slug])]
      .join(' ')
      .toLowerCase()
      .includes(word.toLowerCase());
  const shown = [...catalogue.models, ...catalogue.wildcards].filter(matches);
  return html`
    <div class="controls"><${TextField} label="Find" value=${word} onText=${setWord} />
      <span class="quiet">${shown.length} of ${catalogue.models.length + catalogue.wildcards.length} models</span></div>
    ${shown.length === 0 && html`<p class="empty">No model has this in its name, provider or slug.</p>`}
    <div class="cards">${shown.map(
      (model) => html`<section class="card" key=${model.name}><${ModelCard} model=${model} />
        ${
          !model.name.includes('*') &&
          html`<button type="button" aria-expanded=${base === model.name}
          onClick=${() => setBase(base === model.name ? null : model.name)}>Add with a different name</button>`
        }
        ${base === model.name && html`<${VariantForm} base=${model} catalogue=${catalogue} />`}
      </section>`,
    )}</div>
    <h2>Aliases</h2>
    ${catalogue.aliases.length === 0 && html`<p class="empty">None. <code>model_alias</code> gives a model another name.</p>`}
    <ul class="aliases">${catalogue.aliases.map(
      ({ name, target }) => html`<li><strong>${name}</strong> → ${target}</li>`,
    )}</ul>
  `;
}

function ModelCard({ model }: { model: CatalogueModel }) {
  const tags = [model.type, ...model.capabilities.map((word) => word.replaceAll('_', ' '))];
  return html`
    <h3>${model.name}${model.variant_of && html` <span class="quiet">variant of ${model.variant_of}</span>`}</h3>
    <p class="tags">${tags.map((tag) => html`<span class="tag">${tag}</span>`)}
      ${model.context_window !== null && html`<span class="tag">${count(model.context_window)} tokens</span>`}</p>
    ${model.endpoints.map(
      ({
        provider,
        slug,
        key,
        key_preview: preview,
        price,
      }) => html`<div class="endpoint"><p>${provider} · ${slug}
        ${key && html`<span class="quiet"> · key ${key} <code>${preview}</code></span>`}</p><${PriceList} price=${price} /></div>`,
    )}
  `;
}

function VariantForm({ base, catalogue }: { base: CatalogueModel; catalogue: Catalogue }) {
  const [name, setName] = useState(`${base.name}-clientA`);
  const [key, setKey] = useState('');
  const [inputPrice, setInputPrice] = useState('');
  const [outputPrice, setOutputPrice] = useState('');
  const taken = [...catalogue.models, ...catalogue.aliases].map((each) => each.name);
  const isPrice = (text: string) => text === '' || /^\d+(\.\d+)?$/.test(text);
  const problem =
    nameProblem(name, taken) ??
    (isPrice(inputPrice) && isPrice(outputPrice) ? null : 'A price is a decimal number.');
  const keys = catalogue.providers
    .filter(({ name }) => base.endpoints.some(({ provider }) => provider === name))
    .flatMap((provider) => provider.keys.map((each) => each.name));
  return html`<div class="form">
    <${TextField} label="New name" value=${name} onText=${setName} />
    <${TextField} label="Provider key" value=${key} onText=${setKey} placeholder="the same" options=${keys} />
    <${TextField} label="Input price, USD per 1,000 tokens" value=${inputPrice} onText=${setInputPrice} placeholder="the same" />
    <${TextField} label="Output price" value=${outputPrice} onText=${setOutputPrice} placeholder="the same" />
    ${
      problem === null
        ? html`<p class="quiet">Paste it into the config; a running Signalbox takes it over by itself.</p>
          <${CopyText} label="YAML of the variant" text=${variantYaml({ base, name, key, inputPrice, outputPrice })} />`
        : html`<p class="notice" role="alert">${problem}</p>`
    }
  </div>`;
}
