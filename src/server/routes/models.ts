import type { ApiKey, Catalog, Model } from '../../catalog/catalog.ts';
import { resolveModel } from '../../catalog/resolve-model.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { authenticate } from '../../pipeline/authenticate.ts';
import { isUsable } from '../../pipeline/candidates.ts';
import type { SurfaceId } from '../../surfaces/surface.ts';
import { presentedKey } from '../presented-key.ts';
import { sendJson } from '../send-json.ts';
import type { Visit } from '../visit.ts';
import { listEncoders } from './model-lists.ts';

/** Answers `GET /v1/models[/{id}]` in the shape of the client's API (RES-8). */
export function answerModels(visit: Visit, surface: SurfaceId, id: string | null): void {
  const { request, response, runtime, settings, query } = visit;
  const presented = presentedKey(surface, request, query);
  const apiKey = authenticate(runtime.catalog, presented, runtime.clock.now());
  const listed = listModels(runtime.catalog, apiKey, settings.listAliases);
  const encoder = listEncoders[surface];
  if (id === null) {
    sendJson(response, 200, encoder.list(listed, query));
    return;
  }
  const found = listed.find(({ name }) => name === id);
  if (found === undefined) throw unknownModel(id, surface);
  sendJson(response, 200, encoder.item(found));
}

/** A model under the name that it is listed by. */
export interface ListedModel {
  name: string;
  model: Model;
}

function listModels(catalog: Catalog, apiKey: ApiKey | null, listAliases: boolean): ListedModel[] {
  const isListed = (model: Model | undefined): model is Model =>
    model?.endpoints.some(isUsable) === true && (apiKey === null || apiKey.grants(model.name));
  const listed = [...catalog.models.values()]
    .filter(isListed)
    .map((model): ListedModel => ({ name: model.name, model }));
  if (!listAliases) return listed;
  for (const alias of catalog.aliases.keys()) {
    const model = followAlias(catalog, alias);
    if (isListed(model) && !catalog.models.has(alias)) listed.push({ name: alias, model });
  }
  return listed;
}

/** The model behind an alias; undefined for an alias that leads nowhere. */
function followAlias(catalog: Catalog, alias: string): Model | undefined {
  try {
    return resolveModel(catalog, alias).model;
  } catch {
    return undefined;
  }
}

function unknownModel(id: string, surface: SurfaceId): GatewayError {
  const name = surface === 'google' ? id.replace(/^models\//, '') : id;
  return new GatewayError('model_not_found', `The model \`${name}\` does not exist.`, {
    param: 'model',
    model: name,
  });
}
