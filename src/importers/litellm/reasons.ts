const NO_RETRY = 'is not needed: a failed call goes to the next endpoint, then to the fallbacks';
const NO_REDIS = 'is not needed: Signalbox is one process, and its counters are in memory';
const NO_CALLBACKS = 'has no counterpart; calls are in the ledger, and figures at /metrics';
const NO_DATABASE = 'is not needed: keys and budgets stand in the config, and usage in a file';
const NO_CLOUD = 'belongs to an API that Signalbox does not speak';
const ENDPOINT_ORDER =
  'has no counterpart: endpoints are ordered for each call, by price and speed';
const OTHER_FALLBACKS = 'has no counterpart: fallbacks follow whatever made every endpoint fail';
const BASE_MODEL =
  'has no counterpart: the price list is asked for the slug; write `pricing` if it has none';

/** Reasons why a setting is not imported, if more can be said than that it is unknown. */
export const REASONS: Readonly<Record<string, string>> = {
  num_retries: NO_RETRY,
  max_retries: NO_RETRY,
  retry_after: NO_RETRY,
  retry_policy: NO_RETRY,
  redis_host: NO_REDIS,
  redis_port: NO_REDIS,
  redis_password: NO_REDIS,
  redis_url: NO_REDIS,
  callbacks: NO_CALLBACKS,
  success_callback: NO_CALLBACKS,
  failure_callback: NO_CALLBACKS,
  service_callbacks: NO_CALLBACKS,
  callback_settings: NO_CALLBACKS,
  alerting: NO_CALLBACKS,
  database_url: `${NO_DATABASE}; make new keys with \`signalbox keys new\``,
  store_model_in_db: NO_DATABASE,
  database_connection_pool_limit: NO_DATABASE,
  disable_spend_logs: NO_DATABASE,
  weight: ENDPOINT_ORDER,
  order: ENDPOINT_ORDER,
  context_window_fallbacks: OTHER_FALLBACKS,
  content_policy_fallbacks: OTHER_FALLBACKS,
  base_model: BASE_MODEL,
  aws_region_name: NO_CLOUD,
  aws_access_key_id: NO_CLOUD,
  aws_secret_access_key: NO_CLOUD,
  vertex_project: NO_CLOUD,
  vertex_location: NO_CLOUD,
  vertex_credentials: NO_CLOUD,
  environment_variables: 'is not read: set them where Signalbox is started',
  max_budget: 'needs a `master_key`: a budget belongs to somebody with a key',
  budget_duration: 'goes with `max_budget`',
  cache: 'has no counterpart: every call goes to a provider',
  cache_params: 'has no counterpart: every call goes to a provider',
  include: 'is not followed: import the included file by itself',
  guardrails: 'has no counterpart',
};
