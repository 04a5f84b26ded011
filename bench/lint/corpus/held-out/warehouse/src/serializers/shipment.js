'use strict';

const { format } = require('date-fns');

const PUBLIC_STATES = { label_error: 'processing', labelled: 'ready', in_transit: 'shipped', delivered: 'delivered' };

function serializeAddress(address, { masked = false } = {}) {
  if (!address) return null; //= return: no  serialiser
  const line = [address.street, address.number].filter(Boolean).join(' ');
  if (masked) return { city: address.city, country: address.country }; //= return: no  serialiser
  return { name: address.name, line, zip: address.zip, city: address.city, country: address.country };
}

function serializeDate(value) {
  if (value == null) return undefined; //= return: no  serialiser
  if (value instanceof Date) return value.toISOString(); //= return: no  serialiser
  return format(new Date(value), "yyyy-MM-dd'T'HH:mm:ssxxx");
}

function weightText(grams) {
  if (!grams) return ''; //= return: no  serialiser
  if (grams < 1000) return `${grams} g`; //= return: no  serialiser
  return `${(grams / 1000).toFixed(1)} kg`;
}

function stateFor(shipment, viewer) {
  if (viewer && viewer.role === 'staff') return shipment.state; //= return: no  serialiser
  return PUBLIC_STATES[shipment.state] || 'processing';
}

function parseServices(raw) {
  if (Array.isArray(raw)) return raw; //= return: no  parser
  try {
    return JSON.parse(raw); //= return: no  parser
  } catch { //= catch: no  JSON probe with fallback
    return String(raw || '').split(',').filter(Boolean); //= return: no  fallback format
  }
}

function serializeShipment(shipment, { viewer, expand = [] } = {}) {
  if (!shipment) return null; //= return: no  serialiser
  const result = {
    id: shipment.id,
    state: stateFor(shipment, viewer),
    tracking: shipment.tracking || null,
    weight: weightText(shipment.weight),
    address: serializeAddress(shipment.address, { masked: !viewer }),
    services: parseServices(shipment.services),
    shippedAt: serializeDate(shipment.shipped_at),
  };
  if (!expand.length) return result; //= return: no  serialiser
  if (expand.includes('lines')) result.lines = (shipment.lines || []).map((l) => ({ sku: l.sku, quantity: l.quantity }));
  if (expand.includes('events')) {
    result.events = (shipment.events || []).map((event) => {
      if (typeof event === 'string') return { text: event }; //= return: no  mapping callback
      return { text: event.text, at: serializeDate(event.at) };
    });
  }
  return result;
}

module.exports = { serializeShipment, serializeAddress, weightText };
