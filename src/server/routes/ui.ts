import { DEFAULT_INPUT_TOKENS, explain, parseExplainSurface } from '../../pipeline/explain.ts';
import { readTail } from '../../usage/read-tail.ts';
import type { UiPage } from '../router.ts';
import { sendJson } from '../send-json.ts';
import type { Visit } from '../visit.ts';
import { guardUi } from './guard-ui.ts';
import { describeForPage } from './ui-catalogue.ts';
import { describeLimits } from './ui-limits.ts';
import { sumForPage } from './ui-usage.ts';

/** As many calls as the page keeps in view. */
const MAX_CALLS = 200;

/** The page for people at `/ui`, and what it reads. The page itself holds nothing that is secret. */
export const uiRoutes: Record<UiPage, (visit: Visit) => void | Promise<void>> = {
  ui: answerPageText,
  'ui-calls': answerCalls,
  'ui-catalogue': answering(({ runtime }) => describeForPage(runtime.catalog)),
  'ui-usage': answering(sumForPage),
  'ui-limits': answering(({ runtime }) => describeLimits(runtime)),
  'ui-route': answering(explainRoute),
};

/** A route that answers with what it finds, for those who may see it. */
function answering(find: (visit: Visit) => unknown) {
  return async (visit: Visit) => {
    guardUi(visit);
    visit.response.setHeader('cache-control', 'no-store');
    sendJson(visit.response, 200, await find(visit));
  };
}

async function answerPageText({ request, response }: Visit): Promise<void> {
  // Only now: neither the start nor a call pays for the page.
  const { loadPage } = await import('../../ui/page.ts');
  const page = await loadPage();
  const packs = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const body = packs ? page.gzip : page.html;
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.length,
    ...(packs ? { 'content-encoding': 'gzip' } : {}),
    'content-security-policy': page.contentSecurityPolicy,
    'cache-control': 'no-cache',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Lines go out as they were written, so that every digit of their money arrives. */
async function answerCalls(visit: Visit): Promise<void> {
  guardUi(visit);
  const { response, runtime, query } = visit;
  const tail = await readTail(runtime.ledgerFile, { after: query.get('after'), limit: MAX_CALLS });
  const body = Buffer.from(
    `{"cursor":${JSON.stringify(tail.cursor)},"calls":[${tail.lines.join(',')}]}`,
  );
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(body);
}

function explainRoute({ runtime, query }: Visit) {
  return explain(runtime, {
    model: query.get('model'),
    surface: parseExplainSurface(query.get('surface') ?? 'chat'),
    apiKey: null,
    size: {
      inputTokens: DEFAULT_INPUT_TOKENS,
      outputTokens: runtime.routingSettings.expected_output_tokens,
    },
  });
}
