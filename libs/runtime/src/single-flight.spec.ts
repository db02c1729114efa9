import { SingleFlight } from './single-flight';

const deferred = () => {
  let resolve!: (value: string) => void;
  const promise = new Promise<string>((settle) => (resolve = settle));
  return { promise, resolve };
};

it('does the work once for all who ask while it is done, and anew afterwards', async () => {
  const flight = new SingleFlight<string>();
  let times = 0;
  const work = () => Promise.resolve(`result ${++times}`);
  expect(await Promise.all([flight.run('a', work), flight.run('a', work)])).toEqual(['result 1', 'result 1']);
  expect(await flight.run('a', work)).toBe('result 2');
});

it('goes on while anybody waits, and is aborted when the last one leaves', async () => {
  const flight = new SingleFlight<string>();
  const { promise, resolve } = deferred();
  let signal!: AbortSignal;
  const work = (given: AbortSignal) => ((signal = given), promise);
  const [first, second] = [new AbortController(), new AbortController()];
  const results = [first, second].map((caller) => flight.run('a', work, caller.signal));
  first.abort(new Error('left'));
  await expect(results[0]).rejects.toThrow('left');
  expect(signal.aborted).toBe(false);
  second.abort(new Error('left too'));
  await expect(results[1]).rejects.toThrow('left too');
  expect(signal.aborted).toBe(true);
  expect(flight.underWay('a')).toBeUndefined();
  resolve('late');
});
