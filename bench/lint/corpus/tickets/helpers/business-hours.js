'use strict';

const { DateTime } = require('luxon');

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const CACHE = new Map();

function parseClock(text) {
  const m = /^(\d{1,2}):(\d{2})$/.exec(text ?? '');
  if (!m) return null; //= return: no  parser
  const [h, min] = [Number(m[1]), Number(m[2])];
  if (h > 24 || min > 59) return null; //= return: no  parser
  return h * 60 + min;
}

function windowFor(schedule, date) {
  const key = `${schedule.id}:${date.toISODate()}`;
  if (CACHE.has(key)) return CACHE.get(key); //= return: no  cache hit

  const holiday = schedule.holidays?.find((d) => d === date.toISODate());
  if (holiday) {
    CACHE.set(key, null);
    return null; //= return: no  pure lookup
  }

  const [from, to] = schedule[DAYS[date.weekday - 1]] || [];
  const start = parseClock(from);
  const end = parseClock(to);
  if (start === null || end === null || end <= start) {
    CACHE.set(key, null);
    return null; //= return: no  closed day
  }

  const win = { start: date.startOf('day').plus({ minutes: start }), end: date.startOf('day').plus({ minutes: end }) };
  CACHE.set(key, win);
  return win;
}

function isWithinHours(schedule, at) {
  const date = DateTime.fromJSDate(at, { zone: schedule.timezone });
  if (!date.isValid) return false; //= return: no  predicate
  const win = windowFor(schedule, date);
  return win !== null && date >= win.start && date < win.end;
}

function addBusinessMinutes(schedule, from, minutes) {
  if (!schedule) return new Date(+from + minutes * 60e3); //= return: no  pure
  let left = minutes;
  let cursor = DateTime.fromJSDate(from, { zone: schedule.timezone });
  for (let guard = 0; guard < 400; guard++) {
    const win = windowFor(schedule, cursor);
    if (win && cursor < win.end) {
      const begin = cursor > win.start ? cursor : win.start;
      const room = win.end.diff(begin, 'minutes').minutes;
      if (room >= left) return begin.plus({ minutes: left }).toJSDate(); //= return: no  pure
      left -= room;
    }
    cursor = cursor.plus({ days: 1 }).startOf('day');
  }
  return new Date(NaN);
}

module.exports = { isWithinHours, addBusinessMinutes, parseClock };
