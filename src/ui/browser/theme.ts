/** How the page is coloured; `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];
const NAME = 'signalbox-theme';

/** The theme that was chosen last. */
export function readTheme(): Theme {
  const kept = localStorage.getItem(NAME);
  return THEMES.find((theme) => theme === kept) ?? 'auto';
}

/** Colours the page, and remembers the choice. */
export function applyTheme(theme: Theme): void {
  localStorage.setItem(NAME, theme);
  document.documentElement.dataset['theme'] = theme;
}

/** The theme after this one. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
}
