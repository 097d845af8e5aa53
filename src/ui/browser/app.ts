import { useEffect, useState } from 'preact/hooks';
import { keepAdminKey } from './api.ts';
import { CatalogueView } from './catalogue-view.ts';
import { ConnectView } from './connect-view.ts';
import type { Catalogue } from './data.ts';
import { EncryptView } from './encrypt-view.ts';
import { EndpointsView } from './endpoints-view.ts';
import { html } from './html.ts';
import { LimitsView } from './limits-view.ts';
import { LiveView } from './live-view.ts';
import { PlaygroundView } from './playground-view.ts';
import { SignIn } from './sign-in.ts';
import { SpendView } from './spend-view.ts';
import { applyTheme, nextTheme, readTheme } from './theme.ts';
import { useAnswer } from './use-answer.ts';

const VIEWS = [
  { id: 'live', title: 'Live', view: LiveView },
  { id: 'spend', title: 'Spend', view: SpendView },
  { id: 'endpoints', title: 'Endpoints', view: EndpointsView },
  { id: 'limits', title: 'Limits', view: LimitsView },
  { id: 'catalogue', title: 'Catalogue', view: CatalogueView },
  { id: 'playground', title: 'Playground', view: PlaygroundView },
  { id: 'connect', title: 'Connect', view: ConnectView },
  { id: 'encrypt', title: 'Encrypt', view: EncryptView },
];

/** The whole page: a head with the views' names, and one view. */
export function App() {
  const [place, setPlace] = useState(location.hash.slice(1));
  const [signIns, setSignIns] = useState(0);
  useEffect(() => {
    const follow = () => setPlace(location.hash.slice(1));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  // On a phone the views' names are wider than it is.
  useEffect(() => {
    document.querySelector('nav a[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [place]);
  const { answer: catalogue, error } = useAnswer<Catalogue>('catalogue', { signIns: `${signIns}` });
  const current = VIEWS.find(({ id }) => id === place) ?? VIEWS[0];
  const signIn = (key: string) => {
    keepAdminKey(key);
    setSignIns(signIns + 1);
  };
  return html`
    <header>
      <a class="brand" href="#live"><span class="mark" aria-hidden="true"></span>Signalbox</a>
      <nav aria-label="Views">
        ${VIEWS.map(
          ({ id, title }) =>
            html`<a href=${`#${id}`} aria-current=${id === current?.id ? 'page' : null}>${title}</a>`,
        )}
      </nav>
      <${ThemeButton} />
    </header>
    <main id="view">${body()}</main>
  `;

  function body() {
    if (error?.status === 401) return html`<${SignIn} error=${error} onKey=${signIn} />`;
    if (error !== null) return html`<p class="notice" role="alert">${error.message}</p>`;
    if (catalogue === null) return html`<p class="quiet">Reading …</p>`;
    return html`<h1>${current?.title}</h1><${current?.view} catalogue=${catalogue} />`;
  }
}

function ThemeButton() {
  const [theme, setTheme] = useState(readTheme());
  const turn = () => {
    const next = nextTheme(theme);
    applyTheme(next);
    setTheme(next);
  };
  return html`<button type="button" class="theme" onClick=${turn}>Theme: ${theme}</button>`;
}
