import { RegistryFault } from '../errors';
import { contentRange, requestedRange } from './range';

describe('requestedRange of 10 bytes', () => {
  it.each([
    [undefined, undefined],
    ['bytes=0-3', { start: 0, end: 3 }],
    ['bytes=4-', { start: 4, end: 9 }],
    ['bytes=4-100', { start: 4, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-100', { start: 0, end: 9 }],
    ['bytes=0-1,3-4', undefined],
    ['lines=1-2', undefined],
    ['bytes=-', undefined],
  ])('%s is %j', (header, range) => {
    expect(requestedRange(header, 10)).toEqual(range);
  });

  it.each(['bytes=10-', 'bytes=5-4', 'bytes=-0'])('%s cannot be satisfied', (header) => {
    expect(() => requestedRange(header, 10)).toThrow(RegistryFault);
  });
});

describe('contentRange', () => {
  it.each([
    [undefined, undefined],
    ['0-9', { start: 0, end: 9 }],
    ['bytes 5-9/10', { start: 5, end: 9 }],
    ['5-9/*', { start: 5, end: 9 }],
  ])('%s is %j', (header, range) => {
    expect(contentRange(header)).toEqual(range);
  });

  it.each(['', 'x', '9-0', '-5', '1e3-2e3'])('%j is refused', (header) => {
    expect(() => contentRange(header)).toThrow(RegistryFault);
  });
});
