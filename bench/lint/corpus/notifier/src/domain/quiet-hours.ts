export interface QuietHours {
  timezone: string;
  quietFrom?: string | null;
  quietUntil?: string | null;
  weekends?: boolean;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone);
  if (known) return known; //= return: no  cache hit
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit', weekday: 'short', hourCycle: 'h23' });
  } catch { //= catch: no  zone name probe with a fallback
    made = formatter('UTC');
  }
  formatters.set(timezone, made);
  return made;
}

const minutesOf = (clock: string | null | undefined): number | null => {
  const m = clock ? /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(clock) : null;
  if (!m) return null; //= return: no  parser
  return Number(m[1]) * 60 + Number(m[2]);
};

function local(timezone: string, at: Date) {
  const parts = Object.fromEntries(formatter(timezone).formatToParts(at).map((p) => [p.type, p.value]));
  return { weekday: parts.weekday, minutes: Number(parts.hour) * 60 + Number(parts.minute) };
}

export const localHour = (timezone: string, at: Date) => Math.floor(local(timezone, at).minutes / 60);

export function inQuietHours(q: QuietHours, at: Date): boolean {
  const { weekday, minutes } = local(q.timezone, at);
  if (q.weekends && (weekday === 'Sat' || weekday === 'Sun')) return true; //= return: no  predicate
  const from = minutesOf(q.quietFrom);
  const until = minutesOf(q.quietUntil);
  if (from === null || until === null) {
    return false; //= return: no  predicate
  }
  if (from <= until) return minutes >= from && minutes < until; //= return: no  predicate
  return minutes >= from || minutes < until;
}

export function nextAllowed(q: QuietHours, at: Date): Date {
  for (const candidate of quarters(at)) {
    if (!inQuietHours(q, candidate)) return candidate; //= return: no  search
  }
  return new Date(at.getTime() + 86_400_000);
}

function* quarters(from: Date): Generator<Date, void> {
  const start = Math.ceil(from.getTime() / 900_000) * 900_000;
  for (let i = 0; ; i++) {
    if (i > 4 * 24 * 3) return; //= return: no  generator's end
    yield new Date(start + i * 900_000);
  }
}
