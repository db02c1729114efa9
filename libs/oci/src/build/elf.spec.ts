import { readFileSync } from 'node:fs';
import { elfNeeds } from './elf';

describe('elfNeeds', () => {
  it('reads what a program needs', () => {
    const needs = elfNeeds(readFileSync(process.execPath));
    expect(needs?.interpreter).toMatch(/^\/lib.*\/ld-linux/);
    expect(needs?.libraries).toContain('libc.so.6');
  });

  it.each([
    ['text', 'hello'],
    ['script', '#!/bin/sh\n'.repeat(20)],
    ['nothing', ''],
  ])('knows that %s is no program', (_, text) => {
    expect(elfNeeds(Buffer.from(text))).toBeUndefined();
  });
});
