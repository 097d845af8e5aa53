import { render } from 'preact';
import { App } from './app.ts';
import { html } from './html.ts';
import { applyTheme, readTheme } from './theme.ts';

applyTheme(readTheme());
const place = document.getElementById('app');
if (place !== null) {
  place.textContent = '';
  render(html`<${App} />`, place);
}
