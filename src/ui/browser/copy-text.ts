import { useState } from 'preact/hooks';
import { html } from './html.ts';

/** A text to be pasted elsewhere, and a button that copies it. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState('');
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(text));
  return html`<div class="copy"><pre tabindex="0" aria-label=${label}>${text}</pre>
    <button type="button" onClick=${copy}>${copied === text ? 'Copied' : 'Copy'}</button></div>`;
}
