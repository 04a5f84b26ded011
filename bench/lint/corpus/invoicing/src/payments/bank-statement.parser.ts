import { createHash } from 'node:crypto';

export interface StatementEntry {
  valueDate: Date;
  cents: number;
  currency: string;
  payer?: string;
  purpose: string;
  fingerprint: string;
}

export type ParseResult = { ok: true; entries: StatementEntry[] } | { ok: false; line: number; error: string };

const TAG = /^:(\d{2}[A-Z]?):(.*)$/;
const ENTRY = /^(\d{6})(?:\d{4})?(C|D|RC|RD)[A-Z]?(\d+,\d{0,2})/;

export function parseMt940(text: string): ParseResult {
  const lines = text.split(/\r?\n/);
  const entries: StatementEntry[] = [];
  let currency = 'EUR';
  let pending: Omit<StatementEntry, 'purpose' | 'fingerprint'> | undefined;

  for (let i = 0; i < lines.length; i++) {
    const tag = TAG.exec(lines[i]);
    if (!tag) continue;
    const [, code, rest] = tag;
    if (code === '60F') {
      currency = rest.slice(7, 10);
    } else if (code === '61') {
      const m = ENTRY.exec(rest);
      if (!m) return { ok: false, line: i + 1, error: 'unreadable entry' }; //= return: no  parser, reason in the value
      const date = yymmdd(m[1]);
      if (!date) return { ok: false, line: i + 1, error: 'impossible date' }; //= return: no  parser, reason in the value
      pending = { valueDate: date, cents: cents(m[3]) * (m[2].endsWith('D') ? -1 : 1), currency };
    } else if (code === '86' && pending) {
      const purpose = collect(lines, i, rest);
      entries.push({ ...pending, purpose, payer: field(purpose, '32'), fingerprint: fingerprint(pending, purpose) });
      pending = undefined;
    }
  }
  return { ok: true, entries };
}

function yymmdd(s: string): Date | null {
  const [y, m, d] = [s.slice(0, 2), s.slice(2, 4), s.slice(4, 6)].map(Number);
  if (m < 1 || m > 12) return null; //= return: no  parser
  const date = new Date(Date.UTC(2000 + y, m - 1, d));
  if (date.getUTCDate() !== d) return null; //= return: no  parser
  return date;
}

const cents = (amount: string) => Math.round(Number(amount.replace(',', '.')) * 100);

function collect(lines: string[], from: number, first: string): string {
  let out = first;
  for (let j = from + 1; j < lines.length; j++) {
    if (lines[j].startsWith(':') || lines[j] === '-') return out; //= return: no  parser
    out += lines[j];
  }
  return out;
}

function field(purpose: string, no: string): string | undefined {
  const at = purpose.indexOf(`?${no}`);
  if (at === -1) return; //= return: no  parser
  const end = purpose.indexOf('?', at + 3);
  return purpose.slice(at + 3, end === -1 ? undefined : end).trim() || undefined;
}

function fingerprint(e: { valueDate: Date; cents: number }, purpose: string): string {
  return createHash('sha256').update(`${e.valueDate.toISOString()}|${e.cents}|${purpose}`).digest('hex');
}

export function detectEncoding(buf: Buffer): BufferEncoding {
  if (buf[0] === 0xef && buf[1] === 0xbb && buf[2] === 0xbf) return 'utf8'; //= return: no  detection
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(buf);
    return 'utf8'; //= return: no  detection
  } catch { //= catch: no  decode probe
    return 'latin1'; //= return: no  detection
  }
}
