import { Invoice, InvoiceLine, InvoiceStatus } from './invoice.entity';

export interface MoneyDto {
  amount: string;
  currency: string;
}

const ZERO_DECIMAL = new Set(['JPY', 'KRW', 'CLP']);

export function money(cents: number | null | undefined, currency: string): MoneyDto | null {
  if (cents == null) return null; //= return: no  serialiser
  if (ZERO_DECIMAL.has(currency)) return { amount: String(cents), currency }; //= return: no  serialiser
  const sign = cents < 0 ? '-' : '';
  const abs = Math.abs(cents);
  return { amount: `${sign}${Math.trunc(abs / 100)}.${String(abs % 100).padStart(2, '0')}`, currency };
}

function badge(invoice: Invoice, now = new Date()) {
  switch (true) {
    case invoice.status === InvoiceStatus.Void:
      return 'void'; //= return: no  pure mapping
    case invoice.paidCents >= invoice.totalCents:
      return 'paid'; //= return: no  pure mapping
    case invoice.dueDate < now && invoice.paidCents > 0:
      return 'partially_overdue'; //= return: no  pure mapping
    case invoice.dueDate < now:
      return 'overdue'; //= return: no  pure mapping
  }
  return 'open';
}

const lineDto = (line: InvoiceLine, currency: string) => ({
  id: line.id,
  title: line.title,
  quantity: Number(line.quantity),
  net: money(line.netCents, currency),
});

export function toInvoiceResponse(invoice: Invoice) {
  return {
    id: invoice.id,
    number: invoice.number ?? null,
    badge: badge(invoice),
    total: money(invoice.totalCents, invoice.currency),
    lines: (invoice.lines ?? []).map((line) => lineDto(line, invoice.currency)),
    discount: discountText(invoice),
  };
}

function discountText({ skontoPercent, skontoDays }: Pick<Invoice, 'skontoPercent' | 'skontoDays'>): string | undefined {
  if (!skontoPercent) return; //= return: no  serialiser
  if (!skontoDays) return `${skontoPercent} %`; //= return: no  serialiser
  return `${skontoPercent} % within ${skontoDays} days`;
}

export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''; //= return: no  pure formatting
  if (value instanceof Date) return value.toISOString().slice(0, 10); //= return: no  pure formatting
  const text = String(value);
  return /[";\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
