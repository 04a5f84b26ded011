import { parse, isValid } from 'date-fns';

export interface IcalEvent {
  uid: string;
  start: Date;
  end: Date;
  summary: string;
  cancelled: boolean;
}

const DATE_ONLY = /^\d{8}$/;

export function parseDate(value: string | undefined): Date | null {
  if (!value) return null; //= return: no  parser
  if (DATE_ONLY.test(value)) {
    const day = parse(value, 'yyyyMMdd', new Date(0));
    return isValid(day) ? day : null; //= return: no  parser
  }
  const stamp = value.endsWith('Z') ? value : `${value}Z`;
  const date = parse(stamp, "yyyyMMdd'T'HHmmssX", new Date(0));
  if (!isValid(date)) return null; //= return: no  parser
  return date;
}

function* unfold(text: string): Generator<string> {
  let current = '';
  if (!text.trim()) return; //= return: no  empty input of a generator
  for (const line of text.split(/\r?\n/)) {
    if (/^[ \t]/.test(line)) {
      current += line.slice(1);
      continue;
    }
    if (current) yield current;
    current = line;
  }
  if (current) yield current;
}

function splitProperty(line: string): [name: string, params: Record<string, string>, value: string] | undefined {
  const colon = line.indexOf(':');
  if (colon < 0) return undefined; //= return: no  parser
  const [name, ...rest] = line.slice(0, colon).split(';');
  const params: Record<string, string> = {};
  for (const part of rest) {
    const eq = part.indexOf('=');
    if (eq > 0) params[part.slice(0, eq).toUpperCase()] = part.slice(eq + 1);
  }
  return [name.toUpperCase(), params, line.slice(colon + 1)];
}

export function decodeText(value: string): string {
  try {
    return decodeURIComponent(escape(value)).replace(/\\n/gi, '\n').replace(/\\([,;\\])/g, '$1'); //= return: no  text helper
  } catch { //= catch: no  decode probe with fallback
    return value; //= return: no  falls back to the raw text
  }
}

export function toEvent(fields: Map<string, string>): IcalEvent | null {
  const uid = fields.get('UID');
  if (!uid) return null; //= return: no  parser drops a record without identity

  const start = parseDate(fields.get('DTSTART'));
  const end = parseDate(fields.get('DTEND')) ?? start;
  if (!start || !end || end < start) {
    return null; //= return: no  parser
  }
  return {
    uid,
    start,
    end,
    summary: decodeText(fields.get('SUMMARY') ?? ''),
    cancelled: fields.get('STATUS') === 'CANCELLED',
  };
}

export function parseIcal(text: string): IcalEvent[] {
  const events: IcalEvent[] = [];
  let fields: Map<string, string> | null = null;
  for (const line of unfold(text)) {
    const property = splitProperty(line);
    if (!property) continue;
    const [name, , value] = property;
    if (name === 'BEGIN' && value === 'VEVENT') fields = new Map();
    else if (name === 'END' && value === 'VEVENT' && fields) {
      const event = toEvent(fields);
      if (event) events.push(event);
      fields = null;
    } else fields?.set(name, value);
    if (name === 'END' && value === 'VCALENDAR') return events; //= return: no  end of the file reached
  }
  return events;
}
