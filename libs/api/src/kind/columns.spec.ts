import { age, shortDuration } from '.';

const [SECOND, MINUTE, HOUR, DAY, YEAR] = [1, 60, 3600, 86400, 86400 * 365].map((seconds) => seconds * 1000) as [
  number,
  number,
  number,
  number,
  number,
];

it.each([
  [-5 * SECOND, '<invalid>'],
  [-SECOND, '0s'],
  [0, '0s'],
  [119 * SECOND, '119s'],
  [2 * MINUTE, '2m'],
  [9 * MINUTE + 30 * SECOND, '9m30s'],
  [10 * MINUTE + 30 * SECOND, '10m'],
  [179 * MINUTE, '179m'],
  [3 * HOUR, '3h'],
  [7 * HOUR + 5 * MINUTE, '7h5m'],
  [47 * HOUR, '47h'],
  [2 * DAY + HOUR, '2d1h'],
  [8 * DAY + HOUR, '8d'],
  [729 * DAY, '729d'],
  [2 * YEAR + DAY, '2y1d'],
  [9 * YEAR, '9y'],
])('%d ms is shown as %s', (milliseconds, shown) => {
  expect(shortDuration(milliseconds)).toBe(shown);
});

it('counts an age from the timestamp', () => {
  expect(age('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:05:00Z'))).toBe('5m');
  expect(age(undefined, 0)).toBe('<unknown>');
});
