import * as z from 'zod';

/** A price list that was fetched, as it is kept in a file. */
export interface PriceFile {
  /** When the list was of this state, as an ISO time. */
  as_of: string;
  /** Where it came from. */
  source: string;
  providers: ListedProvider[];
}

/** The list's home; its project promises that the address stays. https://github.com/pydantic/genai-prices */
export const PRICE_LIST_URL =
  'https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json';

/** Dearer than any price per million tokens, and below what a slip of the point would make of one. */
const MAX_PRICE = 100_000;

const MAX_PATTERN = 500;

/** A repetition of a repetition can take for ever on a name that a client chose. */
const NESTED_REPETITION = /\([^)]*[+*}][^)]*\)[+*{]/;

const pattern = z.string().max(MAX_PATTERN).refine(isSafePattern, 'is no pattern that can be used');

const text = z.string().max(MAX_PATTERN);

/** How the list says which names are meant. */
type Clause =
  | { equals: string }
  | { starts_with: string }
  | { ends_with: string }
  | { contains: string }
  | { regex: string }
  | { or: Clause[] }
  | { and: Clause[] };

const clause: z.ZodType<Clause> = z.lazy(() =>
  z.union([
    z.object({ equals: text }),
    z.object({ starts_with: text }),
    z.object({ ends_with: text }),
    z.object({ contains: text }),
    z.object({ regex: pattern }),
    z.object({ or: z.array(clause) }),
    z.object({ and: z.array(clause) }),
  ]),
);

const price = z.number().min(0).max(MAX_PRICE);

const tiered = z.object({
  base: price,
  tiers: z.array(z.object({ start: z.int().min(0), price })),
});

const prices = z.record(z.string().regex(/^[a-z0-9_]+$/), z.union([price, tiered]));

const constraint = z.union([
  z.object({ type: z.literal('start_date').optional(), start_date: z.iso.date() }),
  z.object({ type: z.literal('time_of_date').optional(), start_time: text, end_time: text }),
]);

const model = z.object({
  id: text,
  match: clause,
  prices: z.union([
    prices,
    z.array(z.object({ constraint: constraint.optional(), prices })).min(1),
  ]),
});

const provider = z.object({
  id: text,
  name: text,
  api_pattern: pattern,
  model_match: clause.optional(),
  provider_match: clause.optional(),
  fallback_model_providers: z.array(text).optional(),
  models: z.array(model),
});

/** A provider of the list with its models and their prices. */
export type ListedProvider = z.output<typeof provider>;

/** What every state of the list has had; without them it is something else. */
const EXPECTED = ['openai', 'anthropic', 'google'];

const providers = z
  .array(provider)
  .refine(
    (all) => EXPECTED.every((id) => all.some((each) => each.id === id && each.models.length > 0)),
    { error: `holds no prices of ${EXPECTED.join(', ')}` },
  );

const file = z.object({ as_of: z.iso.datetime(), source: z.string(), providers });

/** Reads the list as its project publishes it; throws what is wrong with it. Only prices are kept. */
export function parsePriceList(json: string): ListedProvider[] {
  return check(providers, json);
}

/** Reads a list from the file that it was kept in; throws what is wrong with it. */
export function parsePriceFile(json: string): PriceFile {
  return check(file, json);
}

function check<Output>(schema: z.ZodType<Output>, json: string): Output {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error('it is no JSON');
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new Error(`it is no price list: ${[...(issue?.path ?? []), issue?.message].join(' ')}`);
}

function isSafePattern(source: string): boolean {
  if (NESTED_REPETITION.test(source)) return false;
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
