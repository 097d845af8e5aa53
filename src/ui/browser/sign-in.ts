import { useState } from 'preact/hooks';
import { html } from './html.ts';

/** Asks for the admin key. */
export function SignIn({ reason, onKey }: { reason: string; onKey: (key: string) => void }) {
  const [key, setKey] = useState('');
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
      <p class="quiet">It stays in this tab and is forgotten when the tab is closed.</p>
      <p class="quiet" role="status">${reason}</p>
      <button type="submit" class="primary" disabled=${key === ''}>Sign in</button>
    </form>
  `;
}
