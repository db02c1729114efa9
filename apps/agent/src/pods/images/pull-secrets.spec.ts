import type { Pod, Secret } from '@gantry/api';
import { pullCredentials } from './pull-secrets';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const dockerConfig = (auths: object): Secret =>
  ({ data: { '.dockerconfigjson': base64(JSON.stringify({ auths })) } }) as unknown as Secret;

const secrets: Record<string, Secret> = {
  hub: dockerConfig({ 'https://index.docker.io/v1/': { auth: base64('me:pa:ss') } }),
  own: dockerConfig({
    'reg.example:5000': { username: 'host', password: '1' },
    'reg.example:5000/team': { username: 'team', password: '2' },
  }),
  wild: dockerConfig({ '*.example': { username: 'any', password: '3' } }),
  broken: { data: { '.dockerconfigjson': base64('{') } } as unknown as Secret,
};

describe('pullCredentials', () => {
  const users = (image: string, ...names: string[]): string[] => {
    const pod = { spec: { imagePullSecrets: names.map((name) => ({ name })) } } as unknown as Pod;
    return pullCredentials(pod, image, (name) => secrets[name]).map(
      ({ username, password }) => `${username}:${password}`,
    );
  };

  it.each([
    ['busybox', ['hub'], ['me:pa:ss']],
    ['reg.example:5000/team/x', ['own'], ['team:2', 'host:1']],
    ['reg.example:5000/teams/x', ['own'], ['host:1']],
    ['a.example/x', ['wild', 'hub'], ['any:3']],
    ['a.b.example/x', ['wild'], []],
    ['busybox', ['missing', 'broken'], []],
  ])('%s with %j', (image, names, expected) => {
    expect(users(image, ...names)).toEqual(expected);
  });
});
