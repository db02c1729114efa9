import { endpointsOf } from './endpoints';

it.each([
  ['docker.io', {}, ['https://registry-1.docker.io/']],
  ['quay.io', {}, ['https://quay.io/']],
  ['localhost:5000', {}, ['http://localhost:5000/']],
  ['127.0.0.1:5000', {}, ['http://127.0.0.1:5000/']],
  ['127.evil.io', {}, ['https://127.evil.io/']],
  ['10.0.0.1:5000', { insecure: ['10.0.0.1:5000'] }, ['http://10.0.0.1:5000/']],
  ['docker.io', { mirrors: { 'docker.io': ['http://m:5000'] } }, ['http://m:5000/', 'https://registry-1.docker.io/']],
  ['quay.io', { mirrors: { 'docker.io': ['http://m:5000'] } }, ['https://quay.io/']],
])('content of %s under %j is looked for at %j', (domain, settings, urls) => {
  expect(endpointsOf(domain, settings).map(({ url }) => url.href)).toEqual(urls);
});
