import { Order, OrderStatus } from './order.entity';
import type { OrderLine } from './order-line.entity';

export interface OrderView {
  id: string;
  number: string;
  status: string;
  eta: string | null;
  total: { amount: number; currency: string };
  lines: { sku: string; title: string; quantity: number }[];
}

const labels: Partial<Record<OrderStatus, string>> = {
  [OrderStatus.Placed]: 'Order received',
  [OrderStatus.Paid]: 'Paid',
  [OrderStatus.Shipped]: 'On its way',
};

export function toOrderView(order: Order): OrderView {
  return {
    id: order.id,
    number: formatNumber(order),
    status: labels[order.status] ?? 'In progress',
    eta: etaOf(order)?.toISOString() ?? null,
    total: { amount: order.total, currency: order.currency },
    lines: (order.lines ?? []).map(toLine),
  };
}

function formatNumber({ sequence, placedAt }: Order): string {
  if (!sequence) return 'pending'; //= return: no  serialiser
  return `${placedAt.getFullYear()}-${String(sequence).padStart(7, '0')}`;
}

function etaOf(order: Order): Date | null {
  switch (order.status) {
    case OrderStatus.Cancelled:
    case OrderStatus.Refunded:
      return null; //= return: no  serialiser
    case OrderStatus.Shipped:
      return order.shipment?.eta ?? null; //= return: no  serialiser
    default: {
      const date = new Date(order.placedAt);
      date.setDate(date.getDate() + 5);
      return date; //= return: no  serialiser
    }
  }
}

const toLine = (line: OrderLine) => {
  if (!line.product) {
    return { sku: line.sku, title: line.title, quantity: line.quantity }; //= return: no  serialiser
  }
  return { sku: line.sku, title: line.product.title, quantity: line.quantity };
};
