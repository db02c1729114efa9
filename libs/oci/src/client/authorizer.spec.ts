import { parseChallenge } from './authorizer';

it.each([
  [
    'Bearer realm="https://auth.io/token",service="registry.io",scope="repository:a/b:pull,push"',
    'bearer',
    { realm: 'https://auth.io/token', service: 'registry.io', scope: 'repository:a/b:pull,push' },
  ],
  ['Basic realm="a \\"quoted\\" name"', 'basic', { realm: 'a "quoted" name' }],
  ['bearer realm=plain', 'bearer', { realm: 'plain' }],
  ['', '', {}],
])('reads %j', (header, scheme, parameters) => {
  expect(parseChallenge(header)).toEqual({ scheme, parameters });
});
