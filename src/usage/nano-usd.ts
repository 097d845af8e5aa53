const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/** Beyond this the text is a slip or an attack, and the power of ten would eat the memory. */
const MAX_SHIFT = 60;

const USD_DECIMALS = 9;

/**
 * The decimal number times 10^decimals, exactly; throws where digits would be lost. A JavaScript
 * number counts as its shortest text: `0.1` is one tenth.
 */
export function parseDecimal(amount: string | number, decimals: number): bigint {
  const text = String(amount);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  const digits = whole + fraction;
  if (digits === '') throw new Error(`"${text}" is not a decimal number`);
  if (/^0+$/.test(digits)) return 0n;
  const shift = decimals - fraction.length + Number(exponent);
  if (shift > MAX_SHIFT) throw new Error(`"${text}" is too large`);
  const magnitude = shift >= 0 ? BigInt(digits) * 10n ** BigInt(shift) : dropZeros(digits, -shift);
  if (magnitude === null) throw new Error(`"${text}" has more than ${decimals} decimals`);
  return sign === '-' ? -magnitude : magnitude;
}

function dropZeros(digits: string, count: number): bigint | null {
  const kept = digits.slice(0, -count);
  return kept !== '' && /^0+$/.test(digits.slice(-count)) ? BigInt(kept) : null;
}

/** Nanos of an amount in US dollars; throws on text that is no number or finer than a nano. */
export function parseUsd(amount: string | number): bigint {
  return parseDecimal(amount, USD_DECIMALS);
}

/** The amount in US dollars as plain decimal text, exact and without trailing zeros. */
export function formatUsd(nanos: bigint): string {
  const sign = nanos < 0n ? '-' : '';
  const digits = String(nanos < 0n ? -nanos : nanos).padStart(USD_DECIMALS + 1, '0');
  const point = digits.length - USD_DECIMALS;
  let end = digits.length;
  while (end > point && digits[end - 1] === '0') end -= 1;
  const whole = sign + digits.slice(0, point);
  return end === point ? whole : `${whole}.${digits.slice(point, end)}`;
}

/** The quotient rounded to the nearest integer, halves up; neither operand may be negative. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator * 2n + denominator) / (denominator * 2n);
}
