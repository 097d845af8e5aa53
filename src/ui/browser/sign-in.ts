import { useState } from 'preact/hooks';
import { type ApiError, adminKey } from './api.ts';
import { html } from './html.ts';

/** Asks for the admin key; where the config has none it tells how to set one. */
export function SignIn({ error, onKey }: { error: ApiError; onKey: (key: string) => void }) {
  const [key, setKey] = useState('');
  if (error.param === 'admin_key') {
    return html`<section class="card narrow"><h1>This page is closed</h1>
      <p>The config has <code>api_keys</code> and no <code>admin_key</code>, so nobody may read this page. Set
      one, for example <code>admin_key: os.environ/SIGNALBOX_ADMIN_KEY</code>, and open it again.</p></section>`;
  }
  const send = (event: Event) => {
    event.preventDefault();
    onKey(key);
  };
  return html`
    <form class="card narrow" onSubmit=${send}>
      <h1>Sign in</h1>
      <label>Admin key
        <input type="password" autocomplete="off" autofocus value=${key}
          onInput=${(event: InputEvent) => setKey((event.target as HTMLInputElement).value)} />
      </label>
      <p class="quiet">It is <code>admin_key</code> in the config, and no API key. It stays in this tab and is
        forgotten when the tab is closed.</p>
      ${adminKey() !== '' && html`<p class="notice" role="alert">That is not the admin key.</p>`}
      <button type="submit" class="primary" disabled=${key === ''}>Sign in</button>
    </form>
  `;
}
