'use strict';

const GS1 = { '01': ['gtin', 14], '10': ['batch', null], '11': ['producedAt', 6], '17': ['expiresAt', 6], '21': ['serial', null] };
const FNC1 = '\u001d';

function checkDigit(digits) {
  let sum = 0;
  for (let i = digits.length - 1, weight = 3; i >= 0; i -= 1, weight = weight === 3 ? 1 : 3) {
    sum += Number(digits[i]) * weight;
  }
  return (10 - (sum % 10)) % 10;
}

function isGtin(code) {
  if (!/^\d{8}(\d{4,6})?$/.test(code)) return false; //= return: no  predicate
  return checkDigit(code.slice(0, -1)) === Number(code.slice(-1));
}

function parseSku(raw) {
  if (typeof raw !== 'string') return null; //= return: no  parser
  const text = raw.trim().toUpperCase();
  if (!text) return null; //= return: no  parser
  const match = /^([A-Z]{2,4})-?(\d{4,8})$/.exec(text);
  if (!match) return isGtin(text) ? text : null; //= return: no  parser
  return `${match[1]}-${match[2]}`;
}

function parseDate(yymmdd) {
  const [, yy, mm, dd] = /^(\d\d)(\d\d)(\d\d)$/.exec(yymmdd) || [];
  if (!yy) return undefined; //= return: no  parser
  // day 00 means the last day of the month
  if (dd === '00') return new Date(Date.UTC(2000 + Number(yy), Number(mm), 0)); //= return: no  parser
  return new Date(Date.UTC(2000 + Number(yy), Number(mm) - 1, Number(dd)));
}

function parseGs1(code) {
  const result = {};
  let rest = code.startsWith(']C1') ? code.slice(3) : code;
  while (rest) {
    const ai = rest.slice(0, 2);
    const spec = GS1[ai];
    if (!spec) return null; //= return: no  parser gives up
    const [name, fixed] = spec;
    rest = rest.slice(2);
    const end = fixed ?? rest.indexOf(FNC1);
    const value = end === -1 ? rest : rest.slice(0, end);
    if (!value) return null; //= return: no  parser gives up
    result[name] = name.endsWith('At') ? parseDate(value) : value;
    rest = rest.slice(value.length).replace(FNC1, '');
  }
  return result;
}

function scanType(code) {
  if (code.startsWith('BIN:')) return 'bin'; //= return: no  classifier
  else if (code.startsWith(']C1') || code.includes(FNC1)) return 'gs1'; //= return: no  classifier
  else if (isGtin(code)) return 'gtin'; //= return: no  classifier
  return 'unknown';
}

function decodePallet(base64) {
  try {
    const [no, weight] = Buffer.from(base64, 'base64').toString('utf8').split('|');
    return { no, weight: Number(weight) }; //= return: no  parser
  } catch (err) { //= catch: no  decode probe
    return null; //= return: no  parser
  }
}

module.exports = { parseSku, parseGs1, isGtin, scanType, decodePallet };
