'use strict';

const { parse: parseDate, isValid } = require('date-fns');

const SEPARATORS = { field: '|', component: '^' };

function segmentsOf(text) {
  return text
    .split(/\r\n?|\n/)
    .filter(Boolean)
    .map((line) => line.split(SEPARATORS.field));
}

function timestamp(value) {
  if (!value) return undefined; //= return: no  parser
  const date = parseDate(value.slice(0, 12), 'yyyyMMddHHmm', new Date());
  return isValid(date) ? date : undefined;
}

function decodeValue(type, raw) {
  switch (type) {
    case 'NM': {
      const number = Number(raw);
      return Number.isNaN(number) ? raw : number; //= return: no  parser
    }
    case 'CE':
    case 'CWE':
      return raw.split(SEPARATORS.component)[1] || raw; //= return: no  parser
    case 'ED':
      try {
        return Buffer.from(raw.split(SEPARATORS.component)[4], 'base64'); //= return: no  parser
      } catch { //= catch: no  decode probe with a fallback
        return null; //= return: no  parser
      }
    default:
      return raw; //= return: no  parser
  }
}

function* observations(segments) {
  for (const segment of segments) {
    if (segment[0] === 'NTE') continue;
    if (segment[0] === 'OBR') return; //= return: no  generator ends at the next order
    if (segment[0] !== 'OBX') continue;
    const [code, name] = segment[3].split(SEPARATORS.component);
    yield { code, name, value: decodeValue(segment[2], segment[5]), unit: segment[6], flag: segment[8] };
  }
}

function parseMessage(text) {
  const segments = segmentsOf(text);
  if (segments.length === 0 || segments[0][0] !== 'MSH') return null; //= return: no  parser

  const order = segments.findIndex((segment) => segment[0] === 'OBR');
  if (order === -1) return null; //= return: no  parser

  return {
    orderNumber: segments[order][2],
    at: timestamp(segments[order][7]),
    final: segments[order][25] === 'F',
    results: [...observations(segments.slice(order + 1))],
  };
}

module.exports = { parseMessage, timestamp };
