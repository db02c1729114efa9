import { SharedRead } from './shared-read';

describe('SharedRead', () => {
  it('serves those who ask while a read runs with one later read', async () => {
    const started: ((value: number) => void)[] = [];
    const shared = new SharedRead(() => new Promise<number>((resolve) => started.push(resolve)));
    const first = shared.read();
    const others = [shared.read(), shared.read(), shared.read()];
    expect(started).toHaveLength(1);
    started[0]!(1);
    expect(await first).toBe(1);
    await new Promise(setImmediate);
    expect(started).toHaveLength(2);
    started[1]!(2);
    expect(await Promise.all(others)).toEqual([2, 2, 2]);
  });

  it('goes on after a failed read', async () => {
    let fail = true;
    const shared = new SharedRead(() => (fail ? Promise.reject(new Error('down')) : Promise.resolve(7)));
    const [first, second] = [shared.read(), shared.read()];
    await expect(first).rejects.toThrow('down');
    await expect(second).rejects.toThrow('down');
    fail = false;
    expect(await shared.read()).toBe(7);
  });
});
