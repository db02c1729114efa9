import { parseSettings } from './settings';

describe('settings', () => {
  it('are read from the command line', () => {
    const argv = ['--data-dir=/d', '--port', '0', '--bind-address', '127.0.0.1', '--bind-address', '::1'];
    const bindAddresses = ['127.0.0.1', '::1'];
    expect(parseSettings(argv)).toEqual({ dataDirectory: '/d', bindAddresses, port: 0, logLevel: 'info' });
  });

  it.each([
    [['--port', 'x'], '--port: "x" is not a port number'],
    [['--port', '70000'], '--port: "70000" is not a port number'],
    [['--bind-address', 'here'], '--bind-address: "here" is not an IP address'],
    [['--log-level', 'loud'], '--log-level: "loud" is not one of debug, info, warn, error'],
    [['--what'], "Unknown option '--what'"],
  ])('refuse %j', (argv, message) => {
    expect(() => parseSettings(argv)).toThrow(message);
  });
});
