const CURRENCY = /^(EUR|CHF|USD|€|\$)\s*|\s*(EUR|CHF|USD|€|\$)$/;

/**
 * Amounts as suppliers write them: "1.234,50", "1,234.50 EUR", "€ 12", "12.-"
 */
export function parseMoney(input: string | undefined): number | null {
  if (input == null) return null; //= return: no  parser
  const text = input.trim().replace(CURRENCY, '').replace(/\.[-–]$/, '');
  if (!/^-?[\d.,']+$/.test(text)) {
    return null; //= return: no  parser
  }

  const comma = text.lastIndexOf(',');
  const point = text.lastIndexOf('.');
  if (comma === -1 && point === -1) return Math.round(Number(text.replaceAll("'", '')) * 100); //= return: no  parser
  const decimal = comma > point ? ',' : '.';
  const [whole, fraction = ''] = splitLast(text, decimal);
  if (fraction.length === 3) {
    return Number(text.replace(/[.,']/g, '')) * 100; //= return: no  parser
  }
  const value = Number(`${whole.replace(/[.,']/g, '')}.${fraction}`);
  return Number.isFinite(value) ? Math.round(value * 100) : null;
}

function splitLast(text: string, separator: string): [string, string?] {
  const index = text.lastIndexOf(separator);
  if (index < 0) {
    return [text]; //= return: no  pure
  }
  return [text.slice(0, index), text.slice(index + 1)];
}

export function parseFilter(raw: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(raw, 'base64url').toString()); //= return: no  parser
  } catch { //= catch: no  decode probe
    return {}; //= return: no  parser
  }
}
