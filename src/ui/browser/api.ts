const KEY_NAME = 'signalbox-admin-key';

/** What the server said no to. */
export class ApiError extends Error {
  readonly status: number;
  /** What in the config it is about. */
  readonly param: string | null;

  constructor(status: number, { message, param }: { message: string; param?: string | null }) {
    super(message);
    this.status = status;
    this.param = param ?? null;
  }
}

/** Keeps the admin key until the tab is closed. */
export function keepAdminKey(key: string): void {
  if (key === '') sessionStorage.removeItem(KEY_NAME);
  else sessionStorage.setItem(KEY_NAME, key);
}

/** The admin key of this tab, or nothing. */
export function adminKey(): string {
  return sessionStorage.getItem(KEY_NAME) ?? '';
}

/** Asks one of the page's own routes; throws an ApiError with the server's words. */
export async function ask<Answer>(
  path: string,
  query: Record<string, string> = {},
): Promise<Answer> {
  const words = new URLSearchParams(query).toString();
  const key = adminKey();
  const headers: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` };
  const response = await fetch(`/ui/data/${path}${words && `?${words}`}`, { headers });
  const body = await response.json().catch(() => null);
  if (!response.ok)
    throw new ApiError(response.status, body?.error ?? { message: response.statusText });
  return body as Answer;
}
