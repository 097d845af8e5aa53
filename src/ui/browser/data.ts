/** A line of the ledger, as far as the page reads it. */
export interface Call {
  ts: string;
  request_id: string;
  api_key?: string;
  session?: string;
  surface: string;
  operation: string;
  stream: boolean;
  requested_model?: string;
  model?: string;
  slug?: string;
  provider?: string;
  routing_profile: string;
  http_status: number;
  error_code?: string;
  latency_ms: number;
  ttft_ms?: number;
  tokens?: Record<string, number>;
  usage_source: string;
  cost_nanos_usd: number | null;
  cost_reason?: string;
  billing?: Record<string, number>;
  routing: {
    attempts: { provider: string; slug: string; status?: number; error?: string; ms: number }[];
  };
}

/** Sums of calls; money in nanos as text. */
export interface Sums {
  calls: number;
  errors: number;
  tokens_in: number;
  tokens_out: number;
  nanos: string;
  unknown_costs: number;
}

/** One group of the usage over time. */
export interface Group extends Sums {
  name: string | null;
  steps: Sums[];
}

/** The usage over time. */
export interface Usage {
  since: number;
  step_ms: number;
  steps: number;
  total: Sums;
  groups: Group[];
  others: number;
  damaged: number;
}

/** One way to serve a model. */
export interface CatalogueEndpoint {
  provider: string;
  slug: string;
  key: string | null;
  key_preview: string | null;
  price: Record<string, string> | null;
  price_source: string | null;
}

/** A name that clients may ask for. */
export interface CatalogueModel {
  name: string;
  variant_of: string | null;
  type: string;
  capabilities: string[];
  context_window: number | null;
  fallbacks: string[];
  endpoints: CatalogueEndpoint[];
}

/** What the config names. */
export interface Catalogue {
  needs_api_key: boolean;
  models: CatalogueModel[];
  wildcards: CatalogueModel[];
  aliases: { name: string; target: string }[];
  providers: {
    name: string;
    label: string;
    type: string;
    enabled: boolean;
    keys: { name: string; preview: string; revoked: boolean }[];
  }[];
  encryption: { key_id: string; public_key: string | null }[];
}

/** How a model would be routed at this moment. */
export interface Explanation {
  model: string;
  input_tokens: number;
  output_tokens: number;
  profile: string;
  steps: string[];
  fallbacks: string[];
  endpoints: {
    rank: number | null;
    provider: string;
    slug: string;
    state: string;
    cost_usd: string | null;
    ttft_ms: number | null;
    ttft_source: string | null;
    ttft_samples: number;
    tokens_per_second: number | null;
    tokens_per_second_source: string | null;
    uptime: number;
    attempts: number;
    price: Record<string, string> | null;
    reason: string;
  }[];
}

/** A limit of the config, and how much of it is used. */
export interface LimitReading {
  scope: string;
  name: string;
  setting: string;
  /** Which one of its scope it is, such as `requests.per_minute`. */
  word: string;
  kind: string;
  metric: string;
  max: string;
  used: string | null;
  resets_at: number | null;
  /** Of a window of the calendar. */
  period: string | null;
  timezone: string | null;
  /** Of a sliding window. */
  window_ms: number | null;
}
