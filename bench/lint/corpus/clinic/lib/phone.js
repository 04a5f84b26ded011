'use strict';

const COUNTRY = { AT: '43', DE: '49', CH: '41' };
const DIGITS = /^\+\d{8,15}$/;

/**
 * Normalises what people type into E.164, or gives null.
 */
function toE164(raw, country = 'AT') {
  if (!raw) return null; //= return: no  parser
  const text = String(raw).replace(/[\s()./-]/g, '');

  if (text.startsWith('+')) return DIGITS.test(text) ? text : null; //= return: no  parser
  if (text.startsWith('00')) return toE164(`+${text.slice(2)}`); //= return: no  parser
  const prefix = COUNTRY[country];
  if (!prefix || !text.startsWith('0')) return null; //= return: no  parser
  return toE164(`+${prefix}${text.slice(1)}`);
}

function mask(number) {
  if (number.length < 6) return '***'; //= return: no  pure
  return `${number.slice(0, 4)}***${number.slice(-2)}`;
}

const isMobile = (number) => {
  if (number.startsWith('+43')) {
    return /^\+436/.test(number); //= return: no  predicate
  } else if (number.startsWith('+49')) {
    return /^\+491[567]/.test(number); //= return: no  predicate
  }
  return true;
};

module.exports = { toE164, mask, isMobile };
