import { useState } from 'preact/hooks';
import { CopyText } from './copy-text.ts';
import type { Catalogue } from './data.ts';
import { html } from './html.ts';
import { previewOf, sealKey } from './seal-key.ts';
import { TextField } from './text-field.ts';

/** Encrypts a provider key here, so that it never leaves the browser in clear. */
export function EncryptView({ catalogue }: { catalogue: Catalogue }) {
  const known = catalogue.encryption[0];
  const [keyId, setKeyId] = useState(known?.key_id ?? '');
  const [pem, setPem] = useState(known?.public_key ?? '');
  const [secret, setSecret] = useState('');
  const [yaml, setYaml] = useState('');
  const [problem, setProblem] = useState('');
  const pickKey = (id: string) => {
    setKeyId(id);
    const found = catalogue.encryption.find(({ key_id }) => key_id === id);
    if (found?.public_key) setPem(found.public_key);
  };
  const seal = async (event: Event) => {
    event.preventDefault();
    try {
      const envelope = await sealKey(secret.trim(), keyId, pem);
      const preview = previewOf(secret.trim());
      setYaml(
        `production:\n  key: ${JSON.stringify(envelope)}\n  key_preview: ${JSON.stringify(preview)}\n`,
      );
      setSecret('');
      setProblem('');
    } catch (error) {
      setYaml('');
      setProblem(
        error instanceof Error && error.message ? error.message : 'This public key cannot be used.',
      );
    }
  };
  if (!globalThis.crypto?.subtle) {
    return html`<p class="notice">Browsers encrypt only on https, localhost and 127.0.0.1. Open this page
      there, or use <code>signalbox keys encrypt</code>.</p>`;
  }
  const ready = secret.trim() !== '' && keyId !== '' && pem !== '';
  return html`
    <p class="quiet">The provider key is encrypted in this browser and sent nowhere. Only the private key
      named in the config opens it.</p>
    <form class="form card narrow" onSubmit=${seal}>
      <${TextField} label="Name of the key pair" value=${keyId} onText=${pickKey}
        options=${catalogue.encryption.map(({ key_id }) => key_id)} />
      <${TextField} label="Public key (PEM)" rows="7" value=${pem} onText=${setPem} />
      <${TextField} label="Provider key" type="password" value=${secret} onText=${setSecret} />
      <button type="submit" class="primary" disabled=${!ready}>Encrypt</button>
      ${
        catalogue.encryption.length === 0 &&
        html`<p class="quiet">The config names no private key yet: <code>signalbox keys keypair</code> makes
        a pair.</p>`
      }
      ${problem && html`<p class="notice" role="alert">${problem}</p>`}
    </form>
    ${yaml && html`<h2>Paste it under <code>providers.*.keys</code></h2><${CopyText} label="Encrypted key" text=${yaml} />`}
  `;
}
